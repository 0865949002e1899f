import Glibc
import NIOCore

/// Watches a connection after an answer that cannot be had again: whether the caller's kernel acknowledged all of it, and
/// whether the caller went on or ended in order then.
///
/// It stands at the socket's end of the pipeline for as long as it watches. What it sees:
///
/// | of the socket's bytes | then | the answer is |
/// | --- | --- | --- |
/// | all are acknowledged | the caller sends something, or ends its side | delivered |
/// | all are acknowledged | the connection is reset | lost: it was closed unread |
/// | some are not | the connection ends in whatever way | lost |
/// | all are acknowledged | nothing for five seconds | delivered |
/// | some are not | nothing for five seconds | lost: the caller is stalled |
///
/// SIOCOUTQ counts what is not sent and what is not acknowledged (Linux 2f4e1b397097).
final class AcknowledgementWatch: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer

    /// When the socket is looked at, after the answer was written.
    private static let looks: [TimeAmount] = [
        .milliseconds(10), .milliseconds(50), .milliseconds(200), .seconds(1), .seconds(5),
    ]

    private var whenDecided: ((_ isLost: Bool) -> Void)?
    private let unacknowledged: (any Channel) -> Int
    private var isAcknowledged = false
    private var isLeaving = false
    private var timers: [Scheduled<Void>] = []

    /// - Parameters:
    ///   - unacknowledged: how many bytes the socket of a channel has that the other side has not acknowledged.
    ///   - whenDecided: called once.
    init(
        unacknowledged: @escaping (any Channel) -> Int = AcknowledgementWatch.socketQueue,
        whenDecided: @escaping (_ isLost: Bool) -> Void
    ) {
        self.unacknowledged = unacknowledged
        self.whenDecided = whenDecided
    }

    /// Has an answer watched that was just written. Where that is impossible, it counts as delivered.
    static func start(on channel: any Channel, whenDecided: @escaping (_ isLost: Bool) -> Void) {
        let watch = AcknowledgementWatch(whenDecided: whenDecided)
        do {
            try channel.pipeline.syncOperations.addHandler(watch, position: .first)
        } catch {
            watch.decide(isLost: !channel.isActive)
        }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let loop = context.eventLoop.assumeIsolated()
        timers = Self.looks.map { delay in
            loop.scheduleTask(in: delay) { [self] in look(context, isLast: delay == Self.looks.last) }
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        decide(isLost: !isAcknowledged)
    }

    private func look(_ context: ChannelHandlerContext, isLast: Bool) {
        guard whenDecided != nil else { return }
        checkQueue(context)
        if isLast { decide(isLost: !isAcknowledged) }
        leave(context)
    }

    /// Once all was acknowledged it stays so: what is written later belongs to other answers.
    private func checkQueue(_ context: ChannelHandlerContext) {
        if !isAcknowledged { isAcknowledged = unacknowledged(context.channel) == 0 }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        checkQueue(context)
        if isAcknowledged { decide(isLost: false) }
        // A handler that is removed passes nothing on.
        context.fireChannelRead(data)
        leave(context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed {
            checkQueue(context)
            decide(isLost: !isAcknowledged)
        }
        context.fireUserInboundEventTriggered(event)
        leave(context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        decide(isLost: true)
        context.fireErrorCaught(error)
        leave(context)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        // Behind this there is no socket to look at.
        if mode != .input { checkQueue(context) }
        context.close(mode: mode, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        decide(isLost: !isAcknowledged)
        context.fireChannelInactive()
    }

    /// Once it is decided there is nothing left to watch.
    private func leave(_ context: ChannelHandlerContext) {
        guard whenDecided == nil, !isLeaving else { return }
        isLeaving = true
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    private func decide(isLost: Bool) {
        for timer in timers { timer.cancel() }
        timers = []
        let decided = whenDecided
        whenDecided = nil
        decided?(isLost)
    }

    /// SIOCOUTQ of the channel's socket; 0 where it has none, as in tests.
    static func socketQueue(of channel: any Channel) -> Int {
        var count: CInt = 0
        let result = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
            ioctl($0, UInt(TIOCOUTQ), &count)
        }
        return result == 0 ? Int(count) : 0
    }
}
