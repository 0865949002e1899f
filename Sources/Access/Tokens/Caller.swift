import NIOCore

/// The sender of a request, as identified by its token: an immutable record that costs one retain to pass on.
package struct Caller: Sendable {
    private final class Record: Sendable {
        let grant: TokenGrant
        let label: Int

        init(grant: TokenGrant, label: Int) {
            self.grant = grant
            self.label = label
        }
    }

    private let record: Record

    /// Makes the caller whose token allows this.
    ///
    /// - Parameter label: The number of ``TokenLabels`` under which its requests are counted.
    package init(_ grant: TokenGrant, label: Int = 0) {
        record = Record(grant: grant, label: label)
    }

    /// The name of the token, for logs.
    package var name: String { record.grant.name }

    /// The number under which the caller's requests are counted.
    package var label: Int { record.label }

    /// The counters that are the caller's own, in the ledger.
    package var view: String { record.grant.view ?? record.grant.name }

    /// What the caller may do.
    package var scopes: ScopeSet { record.grant.scopes }

    /// The users that the caller sees and acts on; nil means all of them.
    package var users: UserSet? { record.grant.users }

    /// The bytes of their names; nil means all of them.
    package var userNames: [[UInt8]]? { users.map { $0.names.map { Array($0.utf8) } } }

    /// The second since 1970 from which the token is worth nothing; nil means never.
    package var expires: Int64? { record.grant.expires }

    /// Whether this scope is the caller's.
    package func may(_ scope: Scope) -> Bool {
        record.grant.scopes.contains(scope)
    }

    /// Whether all of these scopes are the caller's.
    package func may(_ scopes: ScopeSet) -> Bool {
        record.grant.scopes.isSuperset(of: scopes)
    }

    /// Whether the caller sees this user.
    package func sees(user: String) -> Bool {
        guard let users = record.grant.users else { return true }
        return users.contains(user)
    }

    /// Whether the token is worth nothing any more at this second since 1970.
    package func isExpired(at now: Int64) -> Bool {
        guard let expires = record.grant.expires else { return false }
        return expires <= now
    }

    /// Whether the token is worth something on a connection from there.
    package func mayCome(from peer: SocketAddress?) -> Bool {
        guard let addresses = record.grant.addresses else { return true }
        guard let address = peer.flatMap(IPAddress.init) else { return false }
        return addresses.contains { $0.contains(address) }
    }
}
