import NIOCore
import NIOOpenSSL

/// The last handler of a channel: keeps what reaches it, in order.
final class Recorder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Event: Equatable {
        case active
        case handshakeCompleted
        case read(Int)
        case readComplete
        case inputClosed
        case outputClosed
        case error(TLSError.Kind)
        case otherError
        case inactive
    }

    private(set) var events: [Event] = []
    private(set) var received = ByteBuffer()
    private(set) var errors: [any Error] = []
    private(set) var handshake: TLSHandshakeCompleted?

    /// Called with what was read, after it was recorded.
    var onRead: ((ChannelHandlerContext, ByteBuffer) -> Void)?

    /// Called after any other event was recorded.
    var onEvent: ((ChannelHandlerContext, Event) -> Void)?

    var errorKinds: [TLSError.Kind] {
        errors.compactMap { ($0 as? TLSError)?.kind }
    }

    /// The events without the reads.
    var milestones: [Event] {
        events.filter { event in
            switch event {
            case .read, .readComplete: false
            default: true
            }
        }
    }

    func count(of event: Event) -> Int {
        events.count { $0 == event }
    }

    func channelActive(context: ChannelHandlerContext) {
        record(.active, context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        record(.inactive, context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        let all = bytes
        events.append(.read(bytes.readableBytes))
        received.writeBuffer(&bytes)
        onRead?(context, all)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        record(.readComplete, context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let completed as TLSHandshakeCompleted:
            handshake = completed
            record(.handshakeCompleted, context)
        case ChannelEvent.inputClosed:
            record(.inputClosed, context)
        case ChannelEvent.outputClosed:
            record(.outputClosed, context)
        default:
            break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        errors.append(error)
        record((error as? TLSError).map { .error($0.kind) } ?? .otherError, context)
    }

    private func record(_ event: Event, _ context: ChannelHandlerContext) {
        events.append(event)
        onEvent?(context, event)
    }
}
