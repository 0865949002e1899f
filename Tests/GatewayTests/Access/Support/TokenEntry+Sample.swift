@testable import Access
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
            digest: TokenHasher().digest(of: token),
            grant: TokenGrant(
                name: name,
                scopes: scopes,
                users: users.map { UserSet($0) },
                expires: expires,
                addresses: addresses
            )
        )
    }
}
