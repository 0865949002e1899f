/// What a token may do: a set of the calls it opens.
public struct Scope: OptionSet, Hashable, Sendable {
    /// The bits, one per scope.
    public let rawValue: UInt8

    /// Makes a set from its bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Reading the traffic of users.
    public static let traffic = Scope(rawValue: 1 << 0)
    /// Reading who is online.
    public static let online = Scope(rawValue: 1 << 1)
    /// Reading the open streams, which name the sites that users visit.
    public static let streams = Scope(rawValue: 1 << 2)
    /// Reading the figures for a monitoring system.
    public static let metrics = Scope(rawValue: 1 << 3)
    /// Emptying the traffic counters while reading them; useful together with ``traffic`` only.
    public static let clear = Scope(rawValue: 1 << 4)
    /// Cutting a user's connection.
    public static let kick = Scope(rawValue: 1 << 5)

    /// Each scope with the name it has in the configuration, in the order in which they are documented.
    static let named: [(name: String, scope: Scope)] = [
        ("traffic", .traffic), ("online", .online), ("streams", .streams),
        ("metrics", .metrics), ("clear", .clear), ("kick", .kick),
    ]

    /// The names of all scopes, in the order in which they are documented.
    public static let allNames: [String] = named.map(\.name)

    /// The scope of that name, or nil where there is none.
    public init?(name: String) {
        guard let match = Scope.named.first(where: { $0.name == name }) else { return nil }
        self = match.scope
    }

    /// The names of the scopes in this set.
    public var names: [String] {
        Scope.named.filter { contains($0.scope) }.map(\.name)
    }
}

extension Scope: CustomStringConvertible {
    /// The names, separated by commas.
    public var description: String { names.joined(separator: ", ") }
}
