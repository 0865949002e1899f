import NIOCore

/// The sender of a request, as identified by its token: an immutable record that costs one retain to pass on.
package struct Caller: Sendable {
    private final class Record: Sendable {
        let name: String
        let scopes: ScopeSet
        let users: UserSet?
        let expires: Int64?
        let addresses: [AddressRange]?
        let label: Int

        init(name: String, scopes: ScopeSet, users: UserSet?, expires: Int64?, addresses: [AddressRange]?, label: Int) {
            self.name = name
            self.scopes = scopes
            self.users = users
            self.expires = expires
            self.addresses = addresses
            self.label = label
        }
    }

    private let record: Record

    /// Makes a caller.
    ///
    /// - Parameters:
    ///   - name: The name of the token, for logs.
    ///   - scopes: What the caller may do.
    ///   - users: The users that the caller sees and acts on; nil means all of them.
    ///   - expires: The second since 1970 from which the token is worth nothing; nil means never.
    ///   - addresses: Where the token is worth something; nil means everywhere.
    package init(
        name: String,
        scopes: ScopeSet,
        users: UserSet? = nil,
        expires: Int64? = nil,
        addresses: [AddressRange]? = nil
    ) {
        self.init(name: name, scopes: scopes, users: users, expires: expires, addresses: addresses, label: 0)
    }

    /// Makes a caller whose requests are counted under this number of ``TokenLabels``.
    init(name: String, scopes: ScopeSet, users: UserSet?, expires: Int64?, addresses: [AddressRange]?, label: Int) {
        record = Record(
            name: name,
            scopes: scopes,
            users: users,
            expires: expires,
            addresses: addresses,
            label: label
        )
    }

    /// The name of the token, for logs.
    package var name: String { record.name }

    /// The number under which the caller's requests are counted.
    var label: Int { record.label }

    /// What the caller may do.
    package var scopes: ScopeSet { record.scopes }

    /// The users that the caller sees and acts on; nil means all of them.
    package var users: UserSet? { record.users }

    /// The second since 1970 from which the token is worth nothing; nil means never.
    package var expires: Int64? { record.expires }

    /// Whether this scope is the caller's.
    package func may(_ scope: Scope) -> Bool {
        record.scopes.contains(scope)
    }

    /// Whether all of these scopes are the caller's.
    package func may(_ scopes: ScopeSet) -> Bool {
        record.scopes.isSuperset(of: scopes)
    }

    /// Whether the caller sees this user.
    package func sees(user: String) -> Bool {
        guard let users = record.users else { return true }
        return users.contains(user)
    }

    /// Whether the token is worth nothing any more at this second since 1970.
    package func isExpired(at now: Int64) -> Bool {
        guard let expires = record.expires else { return false }
        return expires <= now
    }

    /// Whether the token is worth something on a connection from there.
    func mayCome(from peer: SocketAddress?) -> Bool {
        guard let addresses = record.addresses else { return true }
        guard let address = peer.flatMap(IPAddress.init) else { return false }
        return addresses.contains { $0.contains(address) }
    }
}
