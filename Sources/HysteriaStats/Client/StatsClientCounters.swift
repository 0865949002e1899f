/// What a client did so far. Plain numbers, to be read on the client's event loop.
package struct StatsClientCounters: Sendable, Hashable {
    /// Requests written to Hysteria, repeated ones included.
    package var requestsSent = 0
    /// Calls that share the request of another call.
    package var coalesced = 0
    /// Reads sent again because the keep-alive connection was stale.
    package var retries = 0
    /// Whole answers with status 200.
    package var answers = 0
    /// Requests that ended without one.
    package var errors = 0
    /// Connections made.
    package var connectionsOpened = 0

    /// Starts at zero.
    package init() {}

    /// Adds what another client did.
    package mutating func add(_ other: StatsClientCounters) {
        requestsSent += other.requestsSent
        coalesced += other.coalesced
        retries += other.retries
        answers += other.answers
        errors += other.errors
        connectionsOpened += other.connectionsOpened
    }
}
