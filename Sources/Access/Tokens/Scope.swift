/// One thing that a token can be allowed to do.
///
/// Whatever says something of scopes has it from here: the configuration and its errors, `token --help`, the demo.
package enum Scope: UInt8, CaseIterable, Hashable, Sendable {
    /// Reading the traffic of users.
    case traffic
    /// Reading who is online.
    case online
    /// Reading the open streams, which name the sites that users visit.
    case streams
    /// Reading the figures for a monitoring system.
    case metrics
    /// Reading the history of users, which shows when they were online.
    case usage
    /// Emptying the traffic counters while reading them; useful together with ``traffic`` only.
    case clear
    /// Cutting a user's connection.
    case kick
    /// Reading one user's own figures at a path that has the token in it; good for nothing else.
    case subscription

    /// The name that it has in the configuration.
    package var name: String {
        switch self {
        case .traffic: "traffic"
        case .online: "online"
        case .streams: "streams"
        case .metrics: "metrics"
        case .usage: "usage"
        case .clear: "clear"
        case .kick: "kick"
        case .subscription: "subscription"
        }
    }

    /// What a token with it may do, in words that go on from its name.
    package var purpose: String {
        switch self {
        case .traffic: "reads how much users sent and received"
        case .online: "reads who is online"
        case .streams: "reads which sites users visit"
        case .metrics: "is for monitoring systems"
        case .usage: "reads the history by day and hour, which shows when users were online"
        case .clear: "starts its own counters anew while reading them, and needs traffic"
        case .kick: "disconnects users"
        case .subscription: "lets the apps of one user show what is left, at /sub/TOKEN, and nothing else"
        }
    }

    /// The names of all scopes, in the order in which they are documented.
    package static let allNames: [String] = allCases.map(\.name)

    /// The scope of that name, or nil where there is none.
    package init?(name: String) {
        guard let match = Scope.allCases.first(where: { $0.name == name }) else { return nil }
        self = match
    }
}

extension Scope: CustomStringConvertible {
    /// The name.
    package var description: String { name }
}

/// What a token may do: a set of scopes.
package struct ScopeSet: Hashable, Sendable {
    /// One bit for each scope.
    private var bits: UInt32 = 0

    /// All scopes.
    package static let all = ScopeSet(Scope.allCases)

    /// The set of these scopes.
    package init(_ scopes: some Sequence<Scope>) {
        for scope in scopes { insert(scope) }
    }

    /// The set of this scope alone.
    package init(_ scope: Scope) {
        insert(scope)
    }

    private static func bit(_ scope: Scope) -> UInt32 { 1 << UInt32(scope.rawValue) }

    /// Adds a scope.
    package mutating func insert(_ scope: Scope) {
        bits |= Self.bit(scope)
    }

    /// Whether the scope is in the set.
    package func contains(_ scope: Scope) -> Bool { bits & Self.bit(scope) != 0 }

    /// Whether all scopes of the other set are in this one.
    package func isSuperset(of other: ScopeSet) -> Bool { other.bits & ~bits == 0 }

    /// The scopes that are not in the other set.
    package func subtracting(_ other: ScopeSet) -> ScopeSet {
        var rest = self
        rest.bits &= ~other.bits
        return rest
    }

    /// The names of the scopes in this set, in the order in which they are documented.
    package var names: [String] {
        Scope.allCases.filter(contains).map(\.name)
    }
}

extension ScopeSet: ExpressibleByArrayLiteral, CustomStringConvertible {
    /// The set of these scopes.
    package init(arrayLiteral scopes: Scope...) {
        self.init(scopes)
    }

    /// The names, separated by commas.
    package var description: String { names.joined(separator: ", ") }
}
