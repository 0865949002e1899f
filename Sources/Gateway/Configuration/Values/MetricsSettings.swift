/// What `/metrics` tells of users.
public struct MetricsSettings: Sendable, Hashable {
    /// Whether figures are given for each user, and not only for all together.
    public var users = true
    /// The most users that are named: each is three series to who collects them.
    public var userLimit = 10_000

    /// The defaults.
    public init() {}
}
