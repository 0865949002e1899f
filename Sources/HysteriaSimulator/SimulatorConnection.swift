import HysteriaStats
import NIOCore

/// One connection of the simulator.
final class SimulatorConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Above this, Go does not read a body that the handler left unread, but closes.
    private static let unreadBodyLimit = 256 * 1024

    private let core: SimulatorCore
    private var parser = SimulatorRequestParser()
    private var request: SimulatorRequest?
    private var isDone = false
    private var isEndless = false

    init(core: SimulatorCore) {
        self.core = core
    }

    func channelActive(context: ChannelHandlerContext) {
        core.connections[ObjectIdentifier(context.channel)] = context.channel
    }

    func channelInactive(context: ChannelHandlerContext) {
        core.connections[ObjectIdentifier(context.channel)] = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return }
        parser.received(Self.unwrapInboundIn(data))
        process(context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else {
            return context.fireUserInboundEventTriggered(event)
        }
        parser.ended()
        if !isDone { process(context) }
        if !isDone, request == nil { finish(context) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        writeEndlessly(context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func process(_ context: ChannelHandlerContext) {
        while !isDone {
            switch parser.next() {
            case .wait:
                return
            case .end:
                return finish(context)
            case .reject(let status):
                return reject(status, context)
            case .head(let request):
                begin(request, context)
            case .body(let body, let end):
                guard let request = self.request else { return }
                self.request = nil
                respond(to: request, body: body, end: end, context)
            }
        }
    }

    private func begin(_ request: SimulatorRequest, _ context: ChannelHandlerContext) {
        core.requests.append(
            "\(String(decoding: request.method, as: UTF8.self)) \(String(decoding: request.target, as: UTF8.self))"
        )
        let readsBody = core.router.readsBody(request)
        if let expectation = request.expectation, expectation != "100-continue" {
            return write(.empty("417 Expectation Failed"), to: request, keepsAlive: false, context)
        }
        if request.awaitsContinue {
            // After rejecting a request without reading its body, the start of the next one is unknown.
            guard readsBody else {
                return respond(to: request, body: [], end: .complete, mayKeepAlive: false, context)
            }
            context.writeAndFlush(
                Self.wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")),
                promise: nil
            )
        }
        if case .length(let length) = request.framing, !readsBody, length > Self.unreadBodyLimit {
            return respond(to: request, body: [], end: .complete, mayKeepAlive: false, context)
        }
        self.request = request
    }

    private func respond(
        to request: SimulatorRequest,
        body: [UInt8],
        end: SimulatorRequestParser.BodyEnd,
        mayKeepAlive: Bool = true,
        _ context: ChannelHandlerContext
    ) {
        let response = core.answer(request, body: body, end: end)
        let keepsAlive =
            mayKeepAlive && end != .malformed && request.keepsAlive && response.letsKeepAlive(request)
        write(response, to: request, keepsAlive: keepsAlive, context)
    }

    private func reject(_ status: String, _ context: ChannelHandlerContext) {
        let head = "HTTP/1.1 \(status)\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n\(status)"
        context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(string: head)), promise: nil)
        finish(context)
    }

    private func finish(_ context: ChannelHandlerContext) {
        isDone = true
        context.close(promise: nil)
    }
}

// MARK: Writing, and faults

extension SimulatorConnection {
    private func write(
        _ response: SimulatorResponse,
        to request: SimulatorRequest,
        keepsAlive: Bool,
        _ context: ChannelHandlerContext
    ) {
        var bytes = ByteBuffer()
        var lengthError = 0
        switch core.fault {
        case .lengthTooLarge(let by): lengthError = by
        case .lengthTooSmall(let by): lengthError = -by
        default: break
        }
        response.write(
            into: &bytes,
            for: request,
            keepsAlive: keepsAlive,
            lengthError: lengthError,
            date: core.httpDate
        )
        let bodyStart = bytes.readableBytes - response.body.readableBytes
        switch core.fault {
        case .stall:
            isDone = true
        case .dropBeforeAnswer:
            finish(context)
        case .dropInHead:
            send(bytes.readSlice(length: 30), context)
            finish(context)
        case .dropInBody:
            send(bytes.readSlice(length: bodyStart + response.body.readableBytes / 2), context)
            finish(context)
        case .garbage:
            send(ByteBuffer(string: "\u{1}\u{2}this is not HTTP\r\n\r\n"), context)
        case .endless:
            isDone = true
            isEndless = true
            send(ByteBuffer(string: Self.endlessHead), context)
            writeEndlessly(context)
        case .closeAfterAnswer:
            send(bytes, context)
            finish(context)
        default:
            send(bytes, context)
            if !keepsAlive { finish(context) }
        }
    }

    private static let endlessHead =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"

    private func writeEndlessly(_ context: ChannelHandlerContext) {
        guard isEndless else { return }
        let chunk = ByteBuffer(string: "1000\r\n\(String(repeating: " ", count: 0x1000))\r\n")
        while context.channel.isActive, context.channel.isWritable { send(chunk, context) }
    }

    private func send(_ bytes: ByteBuffer?, _ context: ChannelHandlerContext) {
        guard let bytes else { return }
        context.writeAndFlush(Self.wrapOutboundOut(bytes), promise: nil)
    }
}
