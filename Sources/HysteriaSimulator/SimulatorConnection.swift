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
        self.core.connections[ObjectIdentifier(context.channel)] = context.channel
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.core.connections[ObjectIdentifier(context.channel)] = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !self.isDone else { return }
        self.parser.received(Self.unwrapInboundIn(data))
        self.process(context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else {
            return context.fireUserInboundEventTriggered(event)
        }
        self.parser.ended()
        if !self.isDone { self.process(context) }
        if !self.isDone, self.request == nil { self.finish(context) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.writeEndlessly(context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func process(_ context: ChannelHandlerContext) {
        while !self.isDone {
            switch self.parser.next() {
            case .wait:
                return
            case .end:
                return self.finish(context)
            case .reject(let status):
                return self.reject(status, context)
            case .head(let request):
                self.begin(request, context)
            case .body(let body, let end):
                guard let request = self.request else { return }
                self.request = nil
                self.respond(to: request, body: body, end: end, context)
            }
        }
    }

    private func begin(_ request: SimulatorRequest, _ context: ChannelHandlerContext) {
        self.core.requests.append(
            "\(String(decoding: request.method, as: UTF8.self)) \(String(decoding: request.target, as: UTF8.self))"
        )
        let readsBody = self.core.router.readsBody(request)
        if let expectation = request.expectation, expectation != "100-continue" {
            return self.write(.empty("417 Expectation Failed"), to: request, keepsAlive: false, context)
        }
        if request.awaitsContinue {
            // After rejecting a request without reading its body, the start of the next one is unknown.
            guard readsBody else {
                return self.respond(to: request, body: [], end: .complete, mayKeepAlive: false, context)
            }
            context.writeAndFlush(
                Self.wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")),
                promise: nil
            )
        }
        if case .length(let length) = request.framing, !readsBody, length > Self.unreadBodyLimit {
            return self.respond(to: request, body: [], end: .complete, mayKeepAlive: false, context)
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
        let response = self.core.answer(request, body: body, end: end)
        let keepsAlive =
            mayKeepAlive && end != .malformed && request.keepsAlive && response.letsKeepAlive(request)
        self.write(response, to: request, keepsAlive: keepsAlive, context)
    }

    private func reject(_ status: String, _ context: ChannelHandlerContext) {
        let head = "HTTP/1.1 \(status)\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n\(status)"
        context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(string: head)), promise: nil)
        self.finish(context)
    }

    private func finish(_ context: ChannelHandlerContext) {
        self.isDone = true
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
        switch self.core.fault {
        case .lengthTooLarge(let by): lengthError = by
        case .lengthTooSmall(let by): lengthError = -by
        default: break
        }
        response.write(
            into: &bytes,
            for: request,
            keepsAlive: keepsAlive,
            lengthError: lengthError,
            date: self.core.httpDate
        )
        let bodyStart = bytes.readableBytes - response.body.readableBytes
        switch self.core.fault {
        case .stall:
            self.isDone = true
        case .dropBeforeAnswer:
            self.finish(context)
        case .dropInHead:
            self.send(bytes.readSlice(length: 30), context)
            self.finish(context)
        case .dropInBody:
            self.send(bytes.readSlice(length: bodyStart + response.body.readableBytes / 2), context)
            self.finish(context)
        case .garbage:
            self.send(ByteBuffer(string: "\u{1}\u{2}this is not HTTP\r\n\r\n"), context)
        case .endless:
            self.isDone = true
            self.isEndless = true
            self.send(ByteBuffer(string: Self.endlessHead), context)
            self.writeEndlessly(context)
        case .closeAfterAnswer:
            self.send(bytes, context)
            self.finish(context)
        default:
            self.send(bytes, context)
            if !keepsAlive { self.finish(context) }
        }
    }

    private static let endlessHead =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"

    private func writeEndlessly(_ context: ChannelHandlerContext) {
        guard self.isEndless else { return }
        let chunk = ByteBuffer(string: "1000\r\n\(String(repeating: " ", count: 0x1000))\r\n")
        while context.channel.isActive, context.channel.isWritable { self.send(chunk, context) }
    }

    private func send(_ bytes: ByteBuffer?, _ context: ChannelHandlerContext) {
        guard let bytes else { return }
        context.writeAndFlush(Self.wrapOutboundOut(bytes), promise: nil)
    }
}
