import NIOCore
import NIOHTTP1
import Time

/// One connection of the simulator, above TLS and HTTP.
final class SimulatorConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private static let bodyLimit = 256 * 1024

    private let authority: SimulatedAuthority
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()

    init(_ authority: SimulatedAuthority) {
        self.authority = authority
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body.clear()
        case .body(var part):
            body.writeBuffer(&part)
            if body.readableBytes > Self.bodyLimit { context.close(promise: nil) }
        case .end:
            guard let head else { return }
            self.head = nil
            answer(head, context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let request = ReceivedRequest(
            method: head.method.rawValue,
            path: head.uri,
            userAgent: head.headers.first(name: "User-Agent"),
            contentType: head.headers.first(name: "Content-Type"),
            body: body
        )
        switch authority.outcome(of: request) {
        case .silence: return
        case .close: context.close(promise: nil)
        case .answer(let answer): write(answer, to: head, isWhole: true, context)
        case .half(let answer): write(answer, to: head, isWhole: false, context)
        }
    }

    private func write(
        _ answer: SimulatedAnswer,
        to request: HTTPRequestHead,
        isWhole: Bool,
        _ context: ChannelHandlerContext
    ) {
        let behaviour = authority.behaviour
        var head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status))
        for header in answer.headers { head.headers.add(name: header.name, value: header.value) }
        head.headers.add(name: "Date", value: CivilTime(authority.now + behaviour.clockSkew).httpText)
        let isChunked = behaviour.sendsChunks && answer.body.readableBytes > 0
        if !isChunked { head.headers.add(name: "Content-Length", value: String(answer.body.readableBytes)) }
        let isLast = behaviour.closesConnections || !request.isKeepAlive || !isWhole
        if isLast { head.headers.add(name: "Connection", value: "close") }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        var body = answer.body
        if !isWhole { body = body.getSlice(at: body.readerIndex, length: body.readableBytes / 2) ?? ByteBuffer() }
        if request.method != .HEAD, body.readableBytes > 0 {
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        guard isWhole else {
            context.flush()
            return context.close(promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        if isLast { context.close(promise: nil) }
    }
}
