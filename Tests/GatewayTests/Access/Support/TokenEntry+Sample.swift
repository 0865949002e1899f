@testable import Gateway

extension TokenEntry {
    /// An entry for a token in plain text.
    static func sample(
        _ name: String,
        _ token: String,
        scopes: ScopeSet = [.traffic],
        users: [String]? = nil,
        expires: Int64? = nil,
        addresses: [AddressRange]? = nil
    ) -> TokenEntry {
        TokenEntry(
            name: name,
            digest: TokenHasher().digest(of: token),
            scopes: scopes,
            users: users.map { UserSet($0) },
            expires: expires,
            addresses: addresses
        )
    }
}
