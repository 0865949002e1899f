import Logging
import NIOCore
import NIOOpenSSL
import Time

/// Logs failed handshakes, each kind at most once a second.
struct HandshakeReports {
    /// The kinds that do not hide each other.
    private enum Kind: Hashable {
        case refusedCertificate, foreign(ForeignProtocol), failure, departure
    }

    private let clock: WallClock
    private let logger: Logger
    private var limiters: [Kind: LogLimiter] = [:]

    init(clock: WallClock, logger: Logger) {
        self.clock = clock
        self.logger = logger
    }

    /// Something other than TLS was received.
    mutating func report(_ foreign: ForeignProtocol, from peer: SocketAddress?) {
        report(.foreign(foreign), .notice, foreign.words, peer)
    }

    /// A handshake failed.
    mutating func report(_ error: TLSError, from peer: SocketAddress?) {
        switch error.kind {
        case .verificationFailed:
            report(.refusedCertificate, .warning, "TLS handshake failed: \(error.subject)", peer)
        case .handshakeTimedOut:
            report(.departure, .debug, "\(error.subject)", peer)
        case .handshakeFailed where error.reasons.isEmpty:
            // Ports are scanned all the time.
            report(.departure, .debug, "\(error.subject)", peer)
        default:
            report(.failure, .info, "\(error)", peer)
        }
    }

    private mutating func report(_ kind: Kind, _ level: Logger.Level, _ words: String, _ peer: SocketAddress?) {
        guard logger.logLevel <= level, let suppressed = limiters[kind, default: LogLimiter()].admit(now: clock.now())
        else { return }
        logger.log(
            level: level,
            "\(words)",
            metadata: ["address": "\(peer?.ipAddress ?? "-")", "suppressed": "\(suppressed)"]
        )
    }
}
