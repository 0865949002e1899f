import HTTPClient
import NIOCore
import NIOOpenSSL

/// One request to an authority and its answer, on a connection of its own: sends when TLS is up and the server's name is verified, and
/// answers once.
final class AuthorityExchange: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        /// There is no connection yet, and there may never be one: of several addresses that are tried at once, one wins. → securing
        case connecting(request: ByteBuffer, isHead: Bool)
        /// TLS is not up yet. → reading, done
        case securing(request: ByteBuffer, isHead: Bool)
        /// The request was sent. → done
        case reading
        /// No further state.
        case done
    }

    /// The header fields that are read.
    static let fields: [StaticString] = [
        "replay-nonce", "location", "retry-after", "link", "content-type", "date",
    ]

    private var state: State
    private let promise: EventLoopPromise<AuthorityResponse>
    private var response: ResponseStateMachine
    private var head: ResponseHead?

    init(_ request: ByteBuffer, isHead: Bool, bodyLimit: Int, promise: EventLoopPromise<AuthorityResponse>) {
        state = .connecting(request: request, isHead: isHead)
        self.promise = promise
        response = ResponseStateMachine(bodyLimit: bodyLimit, keeping: Self.fields)
    }

    func channelActive(context: ChannelHandlerContext) {
        if case .connecting(let request, let isHead) = state { state = .securing(request: request, isHead: isHead) }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is TLSHandshakeCompleted, case .securing(let request, let isHead) = state {
            state = .reading
            response.requestSent(isHead: isHead)
            context.writeAndFlush(Self.wrapOutboundOut(request), promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = Self.unwrapInboundIn(data)
        var action = response.received(&buffer)
        if case .head(let head) = action {
            self.head = head
            action = response.received(&buffer)
        }
        perform(action, context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(.failure(error), context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        perform(response.ended(), context)
        finish(.failure(ResponseError.connectionLost), context)
        context.fireChannelInactive()
    }

    private func perform(_ action: ResponseStateMachine.Action, _ context: ChannelHandlerContext) {
        switch action {
        case .wait, .head: break
        case .complete(let body, _):
            guard let head else { return }
            finish(.success(AuthorityResponse(head, body)), context)
        case .fail(let error): finish(.failure(error), context)
        }
    }

    private func finish(_ result: Result<AuthorityResponse, any Error>, _ context: ChannelHandlerContext) {
        switch state {
        case .securing, .reading:
            state = .done
            promise.completeWith(result)
            context.close(promise: nil)
        case .connecting, .done: break
        }
    }
}

extension AuthorityResponse {
    fileprivate init(_ head: ResponseHead, _ body: ByteBuffer) {
        self.init(
            status: head.status,
            body: Array(buffer: body),
            nonce: head.value(of: "replay-nonce"),
            location: head.value(of: "location"),
            retryAfter: head.value(of: "retry-after"),
            links: head.fields.filter { $0.name == "link" }.map(\.value),
            contentType: head.value(of: "content-type"),
            date: head.value(of: "date")
        )
    }
}
