import Glibc
import Logging
import NIOConcurrencyHelpers
import NIOCore

/// Lets a listening socket rest for a moment when the system gives no connection for want of descriptors or memory.
///
/// Those who want to connect wait in the kernel's queue meanwhile. Without a rest the event loop would be told of them,
/// and fail, as fast as it can turn.
final class AcceptErrorHandler: ChannelInboundHandler {
    typealias InboundIn = any Channel

    /// Long enough to cost nothing, short enough for a caller not to notice.
    private static let rest = TimeAmount.milliseconds(100)

    private let clock: WallClock
    private let logger: Logger
    /// Shared by the sockets of a listener.
    private let limiter: NIOLockedValueBox<LogLimiter>
    private var isResting = false

    init(clock: WallClock, logger: Logger, limiter: NIOLockedValueBox<LogLimiter>) {
        self.clock = clock
        self.logger = logger
        self.limiter = limiter
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? IOError {
            // The caller has gone away before it was accepted. There is nothing to wait for.
            if error.errnoCode == ECONNABORTED { return }
            report(error)
            rest(context)
        }
        context.fireErrorCaught(error)
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

    private func report(_ error: IOError) {
        guard let suppressed = limiter.withLockedValue({ $0.admit(now: clock.now()) }) else { return }
        let advice =
            switch error.errnoCode {
            case EMFILE: "; the process has all the descriptors that it may have: see LimitNOFILE in the systemd unit"
            case ENFILE: "; the machine has all the descriptors that it may have: see sysctl fs.file-max"
            default: ""
            }
        logger.error(
            "new connections have to wait: \(String(cString: strerror(error.errnoCode)))\(advice)",
            metadata: ["suppressed": "\(suppressed)"]
        )
    }
}
