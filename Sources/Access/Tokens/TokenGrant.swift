/// What a token of the configuration allows, and under which name.
package struct TokenGrant: Sendable, Equatable {
    /// The name by which logs call the token.
    package let name: String
    /// What the token may do.
    package let scopes: ScopeSet
    /// The users that the token is limited to; nil means all of them.
    package let users: UserSet?
    /// The second since 1970 from which the token is worth nothing; nil means never.
    package let expires: Int64?
    /// The addresses from which the token is worth something; nil means all of them.
    package let addresses: [AddressRange]?
    /// The counters that `clear` starts anew: tokens with the same name share them. Nil means those of the token's own name.
    package let view: String?

    package init(
        name: String,
        scopes: ScopeSet,
        users: UserSet? = nil,
        expires: Int64? = nil,
        addresses: [AddressRange]? = nil,
        view: String? = nil
    ) {
        self.name = name
        self.scopes = scopes
        self.users = users
        self.expires = expires
        self.addresses = addresses
        self.view = view
    }
}

/// A token of the configuration.
package struct TokenEntry: Sendable, Equatable {
    /// The SHA-256 of the token.
    package let digest: TokenDigest
    /// What the token allows.
    package let grant: TokenGrant

    package init(digest: TokenDigest, grant: TokenGrant) {
        self.digest = digest
        self.grant = grant
    }
}
