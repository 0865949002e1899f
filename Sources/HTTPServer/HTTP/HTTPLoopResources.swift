import Logging
import LoopTimers
import NIOCore
import Time

/// What the connections of one event loop share so that an answer costs no allocation.
///
/// Not `Sendable`: it is used on its event loop only.
package final class HTTPLoopResources {
    private let clock: WallClock
    private let logger: Logger?
    private var httpDate = HTTPDate()
    private var abuseReports = LogLimiter()
    private var errorReports = LogLimiter()
    /// Where heads are written, and all else that goes out in one piece with them. It is unique again, and so written over,
    /// once an answer has left for the socket.
    var scratch = ByteBufferAllocator().buffer(capacity: 2048)
    /// Where the fields of a request are gathered that come one by one.
    var fields = ByteBufferAllocator().buffer(capacity: 1024)
    /// How many connections have ended for what their callers did, by kind, as labels have it.
    package private(set) var abusesByKind: [String: UInt64] = [:]
    /// How many there are of all kinds.
    var abuses: UInt64 { abusesByKind.values.reduce(0, +) }

    /// For connections with much to send.
    let output: OutputTurns
    /// For the time limits of connections.
    package let timers: LoopTimers

    /// - Parameter logger: where connections are reported that end for what their callers did.
    package init(eventLoop: any EventLoop, clock: WallClock, logger: Logger? = nil) {
        self.clock = clock
        self.logger = logger
        output = OutputTurns(eventLoop: eventLoop)
        timers = LoopTimers.of(eventLoop)
    }

    /// The `Date` of an answer that goes out now.
    package func date() -> [UInt8] {
        httpDate.update(to: clock.now())
        return httpDate.text
    }

    /// Counts a connection that ends for this, and says so once a second.
    func report(_ abuse: some ConnectionAbuse, by address: SocketAddress?) {
        abusesByKind[abuse.label, default: 0] += 1
        guard let logger, let suppressed = abuseReports.admit(now: clock.now()) else { return }
        logger.warning(
            "connection ended: \(abuse.name)",
            metadata: ["address": "\(address?.ipAddress ?? "-")", "suppressed": "\(suppressed)"]
        )
    }

    /// Says once a second that a connection ends because answers cannot be sent on it, by no fault of the caller.
    func report(_ error: any Error, to address: SocketAddress?) {
        guard let logger, let suppressed = errorReports.admit(now: clock.now()) else { return }
        logger.error(
            "connection ended: \(error)",
            metadata: ["address": "\(address?.ipAddress ?? "-")", "suppressed": "\(suppressed)"]
        )
    }
}

/// Abuse that closes a connection: no honest client does this.
protocol ConnectionAbuse {
    /// For a log line.
    var name: StaticString { get }
    /// For a label of metrics.
    var label: String { get }
}
