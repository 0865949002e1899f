import NIOCore

/// A whole answer of Hysteria, in memory.
package struct StatsAnswer: Sendable, Hashable {
    /// The status, which is 200: every other one is a ``StatsError``.
    package let status: Int

    /// The body as Hysteria wrote it; empty for a kick.
    ///
    /// It may be a slice of the buffer the bytes were read into. Keeping it for long keeps that whole buffer: copy it
    /// then.
    package let body: ByteBuffer

    /// Makes an answer.
    package init(status: Int = 200, body: ByteBuffer) {
        self.status = status
        self.body = body
    }
}

/// Takes the answers to calls.
///
/// A class, and not a closure per call, so that a call costs no allocation: one receiver tells its calls apart by the
/// tickets it gave them.
package protocol StatsAnswerReceiver: AnyObject {
    /// Called on the client's event loop, exactly once for each call, and never while `perform` still runs.
    ///
    /// It may call `perform` and `shutDown` of the same client.
    func receive(_ result: Result<StatsAnswer, StatsError>, for ticket: UInt64)
}

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
