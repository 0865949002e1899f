/// A token of the configuration: its digest, and its scopes, users, addresses and expiry.
public struct TokenEntry: Sendable, Equatable {
    /// The name by which logs call the token.
    public let name: String
    /// The SHA-256 of the token.
    public let digest: TokenDigest
    /// What the token may do.
    public let scopes: ScopeSet
    /// The users that the token is limited to; nil means all of them.
    public let users: UserSet?
    /// The second since 1970 from which the token is worth nothing; nil means never.
    public let expires: Int64?
    /// The addresses from which the token is worth something; nil means all of them.
    public let addresses: [AddressRange]?

    /// Makes an entry.
    public init(
        name: String,
        digest: TokenDigest,
        scopes: ScopeSet,
        users: UserSet? = nil,
        expires: Int64? = nil,
        addresses: [AddressRange]? = nil
    ) {
        self.name = name
        self.digest = digest
        self.scopes = scopes
        self.users = users
        self.expires = expires
        self.addresses = addresses
    }
}
