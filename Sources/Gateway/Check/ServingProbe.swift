import Glibc
import NIOCore
import NIOOpenSSL
import NIOPosix

/// Asks a gateway that runs on this machine for `/healthz`, as a caller would.
enum ServingProbe {
    /// What came of it.
    enum Outcome: Sendable, Hashable {
        /// It answered with status 200.
        case serves
        /// It speaks TLS, and refuses callers without a certificate.
        case asksForCertificate
        /// It does not serve; the reason completes "127.0.0.1:443 …".
        case fails(String)
    }

    /// So long all of it may take.
    private static let timeLimit = TimeAmount.seconds(5)
    private static let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

    /// Asks once. The certificate is not verified: the peer is a process of this machine, and gets no secret.
    ///
    /// - Parameters:
    ///   - negotiation: What the gateway's own configuration says of TLS: it may take nothing else.
    ///   - expectsRefusal: Whether the gateway asks callers for a certificate, of which there is none here. Then no request is sent: a
    ///     socket that is closed with bytes unread resets the connection, and the alert can be lost.
    static func ask(
        _ address: SocketAddress,
        negotiation: TLSConfiguration,
        expectsRefusal: Bool,
        on eventLoop: any EventLoop = MultiThreadedEventLoopGroup.singleton.any()
    ) async -> Outcome {
        let promise = eventLoop.makePromise(of: Outcome.self)
        let context: TLSContext
        do throws(TLSError) {
            var negotiation = negotiation
            negotiation.applicationProtocols = ["http/1.1"]
            context = try TLSContext.client(trust: .unverified, configuration: negotiation)
        } catch {
            return .fails("cannot be asked: \(error)")
        }
        ClientBootstrap(group: eventLoop)
            .connectTimeout(timeLimit)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let tls = OpenSSLClientHandler(
                        context: context,
                        serverName: "localhost",
                        handshakeTimeout: timeLimit
                    )
                    try channel.pipeline.syncOperations.addHandlers(tls, AnswerReader(promise))
                }
            }
            .connect(to: address)
            .whenComplete { result in
                switch result {
                case .failure(let error):
                    promise.succeed(.fails("cannot be reached: \(words(error))"))
                case .success(let channel):
                    channel.eventLoop.scheduleTask(in: timeLimit) {
                        promise.succeed(.fails("did not answer within 5 seconds"))
                        channel.close(promise: nil)
                    }
                    if !expectsRefusal { channel.writeAndFlush(ByteBuffer(string: request), promise: nil) }
                }
            }
        return (try? await promise.futureResult.get()) ?? .fails("cannot be asked")
    }

    /// Why a connection could not be made.
    private static func words(_ error: any Error) -> String {
        if case ChannelError.connectTimeout = error { return "no connection within 5 seconds" }
        return (error as? IOError).map { String(cString: strerror($0.errnoCode)).lowercased() } ?? "\(error)"
    }

    /// Receives the status line, or the reason why there is none.
    private final class AnswerReader: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private static let limit = 64

        private let promise: EventLoopPromise<Outcome>
        private var received = ""

        init(_ promise: EventLoopPromise<Outcome>) {
            self.promise = promise
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received += String(buffer: unwrapInboundIn(data)).prefix(Self.limit - received.count)
            guard received.count == Self.limit || received.contains("\r\n") else { return }
            let line = received.prefix { $0 != "\r\n" }
            finish(context, line.hasPrefix("HTTP/1.1 200 ") ? .serves : .fails("answered with '\(line)'"))
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            // TLS 1.3 has an alert for it; in TLS 1.2 it is one for any failure.
            if let error = error as? TLSError,
                error.reasons.contains(where: { $0.text.contains("certificate required") })
            {
                return finish(context, .asksForCertificate)
            }
            finish(context, .fails("TLS fails: \(error)"))
        }

        func channelInactive(context: ChannelHandlerContext) {
            finish(context, .fails("closed the connection without an answer"))
        }

        private func finish(_ context: ChannelHandlerContext, _ outcome: Outcome) {
            // Only the first one counts.
            promise.succeed(outcome)
            context.close(promise: nil)
        }
    }
}
