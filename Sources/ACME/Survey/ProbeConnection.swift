import HTTPClient
import NIOCore
import NIOOpenSSL
import NIOPosix

/// One connection to an address, as an authority makes it while it validates, and what is shown there.
struct ProbeConnection: Sendable {
    enum Question: Sendable {
        /// A handshake that offers `acme-tls/1` for this server name.
        case handshake(serverName: String)
        /// A request over plain HTTP, or over HTTPS for a server name whose certificate is not looked at: redirects lead there.
        case request(bytes: ByteBuffer, serverName: String?)
    }

    enum Answer: Sendable {
        case handshake(applicationProtocol: String?, certificate: TLSCertificate?)
        case response(status: Int, location: String?, body: [UInt8])
        /// There is no way to it, or nothing came.
        case none(any Error)
        /// Something else came than was asked for.
        case unfit(any Error)
    }

    /// A key authorization is far shorter.
    private static let bodyLimit = 16 * 1024

    let eventLoop: any EventLoop
    let limit: TimeAmount

    func ask(_ question: Question, at address: HostAddress, port: Int) async -> Answer {
        let promise = eventLoop.makePromise(of: Answer.self)
        let overdue = eventLoop.scheduleTask(in: limit) {
            promise.succeed(.none(ChannelError.connectTimeout(limit)))
        }
        promise.futureResult.whenComplete { _ in overdue.cancel() }
        do {
            let target = try SocketAddress(ipAddress: address.description, port: port)
            ClientBootstrap(group: eventLoop)
                .connectTimeout(limit)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        promise.futureResult.assumeIsolated().whenComplete { _ in channel.close(promise: nil) }
                        try add(question, promise, to: channel.pipeline.syncOperations)
                    }
                }
                .connect(to: target)
                .whenFailure { promise.succeed(.none($0)) }
        } catch {
            promise.succeed(.none(error))
        }
        do {
            return try await withTaskCancellationHandler {
                try await promise.futureResult.get()
            } onCancel: {
                promise.succeed(.none(CancellationError()))
            }
        } catch {
            return .none(error)
        }
    }

    private func add(
        _ question: Question,
        _ promise: EventLoopPromise<Answer>,
        to pipeline: ChannelPipeline.SynchronousOperations
    ) throws {
        switch question {
        case .handshake(let name):
            let configuration = TLSConfiguration.intermediate(applicationProtocols: ["acme-tls/1"])
            try pipeline.addHandlers(handler(configuration, name), ProbeHandler(nil, isSecured: true, promise))
        case .request(let bytes, let name?):
            let configuration = TLSConfiguration.intermediate(applicationProtocols: ["http/1.1"])
            try pipeline.addHandlers(handler(configuration, name), ProbeHandler(bytes, isSecured: true, promise))
        case .request(let bytes, nil):
            try pipeline.addHandler(ProbeHandler(bytes, isSecured: false, promise))
        }
    }

    private func handler(_ configuration: TLSConfiguration, _ serverName: String) throws -> OpenSSLClientHandler {
        OpenSSLClientHandler(
            context: try TLSContext.client(trust: .unverified, configuration: configuration),
            serverName: serverName,
            // The limit of the whole comes first.
            handshakeTimeout: limit + .seconds(1),
            closeTimeout: .seconds(1)
        )
    }

    /// Sends what there is to send when it can be sent, and answers once: a promise takes the first answer alone.
    private final class ProbeHandler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let request: ByteBuffer?
        private let isSecured: Bool
        private let promise: EventLoopPromise<Answer>
        private var response = ResponseStateMachine(bodyLimit: ProbeConnection.bodyLimit, keeping: ["location"])
        private var head: ResponseHead?

        init(_ request: ByteBuffer?, isSecured: Bool, _ promise: EventLoopPromise<Answer>) {
            self.request = request
            self.isSecured = isSecured
            self.promise = promise
        }

        func channelActive(context: ChannelHandlerContext) {
            if !isSecured { send(context) }
            context.fireChannelActive()
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if let handshake = event as? TLSHandshakeCompleted {
                if request == nil {
                    promise.succeed(
                        .handshake(
                            applicationProtocol: handshake.applicationProtocol,
                            certificate: handshake.peerCertificate?.certificate
                        )
                    )
                } else {
                    send(context)
                }
            }
            context.fireUserInboundEventTriggered(event)
        }

        private func send(_ context: ChannelHandlerContext) {
            guard let request else { return }
            response.requestSent()
            context.writeAndFlush(Self.wrapOutboundOut(request), promise: nil)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var buffer = Self.unwrapInboundIn(data)
            var action = response.received(&buffer)
            if case .head(let head) = action {
                self.head = head
                action = response.received(&buffer)
            }
            perform(action)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            promise.succeed(.unfit(error))
        }

        func channelInactive(context: ChannelHandlerContext) {
            perform(response.ended())
            promise.succeed(.unfit(ResponseError.connectionLost))
            context.fireChannelInactive()
        }

        private func perform(_ action: ResponseStateMachine.Action) {
            switch action {
            case .wait, .head: break
            case .complete(let body, _):
                promise.succeed(
                    .response(
                        status: head?.status ?? 0,
                        location: head?.value(of: "location"),
                        body: Array(buffer: body)
                    )
                )
            case .fail(let error): promise.succeed(.unfit(error))
            }
        }
    }
}
