/// What a client did so far. Plain numbers, to be read on the client's event loop.
public struct StatsClientCounters: Sendable, Hashable {
    /// Requests written to Hysteria, repeated ones included.
    public var requestsSent = 0
    /// Calls that share the request of another call.
    public var coalesced = 0
    /// Reads sent again because the keep-alive connection was stale.
    public var retries = 0
    /// Whole answers with status 200.
    public var answers = 0
    /// Requests that ended without one.
    public var errors = 0
    /// Connections made.
    public var connectionsOpened = 0

    /// Starts at zero.
    public init() {}

    /// Adds what another client did.
    public mutating func add(_ other: StatsClientCounters) {
        requestsSent += other.requestsSent
        coalesced += other.coalesced
        retries += other.retries
        answers += other.answers
        errors += other.errors
        connectionsOpened += other.connectionsOpened
    }
}
