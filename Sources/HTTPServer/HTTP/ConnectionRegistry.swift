import NIOCore
import NIOOpenSSL

/// The open connections of one event loop, for drain.
///
/// Not `Sendable`: it is used on its event loop only.
package final class ConnectionRegistry {
    private var connections: [ObjectIdentifier: any Connection] = [:]
    private var isDraining = false
    private var whenEmpty: (() -> Void)?

    package init() {}

    /// How many are open.
    package var count: Int { connections.count }

    /// Takes a connection in. Once draining, it is drained at once.
    package func add(_ connection: any Connection) {
        connections[ObjectIdentifier(connection)] = connection
        if isDraining { connection.drain() }
    }

    /// Forgets a connection that has ended.
    package func remove(_ connection: any Connection) {
        connections[ObjectIdentifier(connection)] = nil
        if connections.isEmpty { tellEmpty() }
    }

    /// Drains every connection, those to come as well.
    package func beginDrain() {
        guard !isDraining else { return }
        isDraining = true
        for connection in Array(connections.values) { connection.drain() }
    }

    /// Drains every connection, those to come as well, and calls `whenEmpty` once, when the last is gone.
    package func drain(whenEmpty: @escaping () -> Void) {
        beginDrain()
        self.whenEmpty = whenEmpty
        if connections.isEmpty { tellEmpty() }
    }

    /// Closes every connection.
    package func closeAll() {
        for connection in Array(connections.values) { connection.closeNow() }
    }

    private func tellEmpty() {
        let tell = whenEmpty
        whenEmpty = nil
        tell?()
    }
}

/// An open connection, to those who have to end it.
package protocol Connection: AnyObject {
    /// Finishes in-flight requests, and those that begin within a moment, then closes. Called once.
    func drain()

    /// Closes without waiting for anything.
    func closeNow()
}

extension ChannelHandlerContext {
    /// Closes the channel after an error, which is reported where it arose: the connection is of no further use. An end
    /// without close_notify is followed by the event for the end of the input instead.
    func closeUnlessInputEnded(by error: any Error) {
        if let error = error as? TLSError, error.kind == .uncleanShutdown { return }
        close(promise: nil)
    }
}
