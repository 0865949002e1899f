import NIOCore

/// What a client must know of the upstream, and how far it may go with it.
package struct StatsUpstream: Sendable, Hashable {
    /// How long a call may take unless something else is said.
    package static let defaultTimeout = TimeAmount.seconds(5)
    /// How many connections one client holds open at once unless something else is said.
    package static let defaultConnections = 8

    /// Where Hysteria listens.
    package var address: StatsAddress

    /// The secret that Hysteria asks for, if it asks for one.
    package var secret: Secret?

    /// How long a call may take, from the connect to the last byte.
    package var timeout: TimeAmount

    /// The largest body that is taken into memory.
    package var answerLimit: Int

    /// The most connections one client holds open at once.
    package var connections: Int

    /// The most connections a client keeps while nothing is asked.
    package var idleConnections: Int

    /// The most calls that wait for a connection. Shared reads count once.
    package var waitingCalls: Int

    /// For how much longer the answer to a `clear` is waited for that was not there in time.
    package var patience: TimeAmount

    /// How many such answers one client waits for at once. They hold a connection each, besides `connections`.
    package var lateAnswers: Int

    /// Describes an upstream; the defaults fit a Hysteria on the same machine.
    package init(
        address: StatsAddress,
        secret: Secret? = nil,
        timeout: TimeAmount = StatsUpstream.defaultTimeout,
        answerLimit: Int = 64 * 1024 * 1024,
        connections: Int = StatsUpstream.defaultConnections,
        idleConnections: Int = 4,
        waitingCalls: Int = 256,
        patience: TimeAmount = .minutes(10),
        lateAnswers: Int = 16
    ) {
        self.address = address
        self.secret = secret
        self.timeout = timeout
        self.answerLimit = answerLimit
        self.connections = max(1, connections)
        self.idleConnections = max(0, idleConnections)
        self.waitingCalls = max(0, waitingCalls)
        self.patience = patience
        self.lateAnswers = max(0, lateAnswers)
    }
}
