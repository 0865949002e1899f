import Glibc
import Logging
import NIOConcurrencyHelpers
import NIOCore
import Time

/// Counts errors of accept, and pauses a listening socket for a moment if the error would repeat.
///
/// New connections wait in the kernel's queue meanwhile. Without a pause the event loop would retry and fail at full
/// speed.
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
        // A silent connection has no better claim to a descriptor than a waiting caller.
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
            case EMFILE: "; the process has reached its limit of file descriptors: see LimitNOFILE in the systemd unit"
            case ENFILE: "; the machine has reached its limit of file descriptors: see sysctl fs.file-max"
            case EPERM, EACCES: "; a firewall or a security module of this machine does not allow them"
            default: ""
            }
        let reason = code.map { String(cString: strerror($0)) } ?? "\(error)"
        api.logger.error("cannot accept connections: \(reason)\(advice)", metadata: ["suppressed": "\(suppressed)"])
    }
}
