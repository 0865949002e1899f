import Glibc
import Logging
import NIOConcurrencyHelpers
import NIOCore
import Time

/// Counts what the system says instead of giving a connection, and lets a listening socket rest for a moment where it would
/// say that again.
///
/// Those who want to connect wait in the kernel's queue meanwhile. Without a rest the event loop would be told of them,
/// and fail, as fast as it can turn.
final class AcceptErrorHandler: ChannelInboundHandler {
    typealias InboundIn = any Channel

    /// Long enough to cost nothing, short enough for a caller not to notice.
    static let rest = TimeAmount.milliseconds(100)

    private let worker: Worker
    /// Shared by the sockets of a listener.
    private let limiter: NIOLockedValueBox<LogLimiter>
    private var isResting = false

    init(worker: Worker, limiter: NIOLockedValueBox<LogLimiter>) {
        self.worker = worker
        self.limiter = limiter
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let code = (error as? IOError)?.errnoCode
        let failure = code.map(AcceptFailure.init(code:)) ?? .other
        worker.api.counters.acceptFailures[failure.rawValue, default: 0] += 1
        // There is nothing to wait for then. SwiftNIO may close the channel all the same: see ListeningSocket.
        if failure.isOfOneConnection { return }
        report(failure, error)
        // Whoever says nothing has no better right to a descriptor than a caller who waits for one.
        if failure == .descriptors { _ = worker.displaceOldestHandshake() }
        rest(context)
    }

    private func rest(_ context: ChannelHandlerContext) {
        guard !isResting else { return }
        isResting = true
        // To hold the next read back is not enough: the one that has failed is still due to SwiftNIO.
        try? context.channel.syncOptions?.setOption(.autoRead, value: false)
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.rest) { [self] in
            isResting = false
            try? context.channel.syncOptions?.setOption(.autoRead, value: true)
        }
    }

    private func report(_ failure: AcceptFailure, _ error: any Error) {
        let api = worker.api
        guard let suppressed = limiter.withLockedValue({ $0.admit(now: api.clock.now()) }) else { return }
        let code = (error as? IOError)?.errnoCode
        let advice =
            switch code {
            case EMFILE: "; the process has all the descriptors that it may have: see LimitNOFILE in the systemd unit"
            case ENFILE: "; the machine has all the descriptors that it may have: see sysctl fs.file-max"
            case EPERM, EACCES: "; a firewall or a security module of this machine does not allow them"
            default: ""
            }
        let reason = code.map { String(cString: strerror($0)) } ?? "\(error)"
        api.logger.error("new connections have to wait: \(reason)\(advice)", metadata: ["suppressed": "\(suppressed)"])
    }
}
