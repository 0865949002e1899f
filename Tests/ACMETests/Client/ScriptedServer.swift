import ACME
import NIOConcurrencyHelpers
import NIOCore
import NIOOpenSSL
import NIOPosix

/// A server over TLS on 127.0.0.1 that answers each connection with the next text of a list, and keeps what it was asked.
final class ScriptedServer {
    let port: Int
    let trustPEM: [UInt8]
    private let channel: any Channel
    private let asked: NIOLockedValueBox<[String]>

    var requests: [String] { asked.withLockedValue { $0 } }

    init(names: [String], answers: [String?]) throws {
        let identity = try TLSIdentity.throwaway(names: names)
        trustPEM = try identity.certificateChainPEM
        let context = try TLSContext.server(identity: identity)
        let asked = NIOLockedValueBox<[String]>([])
        let left = NIOLockedValueBox(answers)
        self.asked = asked
        channel = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        OpenSSLServerHandler(context: context),
                        Answerer(left: left, asked: asked)
                    )
                }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
        port = channel.localAddress?.port ?? 0
    }

    func stop() {
        try? channel.close().wait()
    }

    private final class Answerer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let left: NIOLockedValueBox<[String?]>
        private let asked: NIOLockedValueBox<[String]>
        private var request = ByteBuffer()

        init(left: NIOLockedValueBox<[String?]>, asked: NIOLockedValueBox<[String]>) {
            self.left = left
            self.asked = asked
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var bytes = Self.unwrapInboundIn(data)
            request.writeBuffer(&bytes)
            let text = String(buffer: request)
            guard let end = text.range(of: "\r\n\r\n") else { return }
            let length = text.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
                .flatMap { Int($0.dropFirst(16)) }
            guard text[end.upperBound...].utf8.count >= length ?? 0 else { return }
            asked.withLockedValue { $0.append(text) }
            // None is left: the caller waits for ever.
            guard let answer = left.withLockedValue({ $0.isEmpty ? nil : $0.removeFirst() }) else { return }
            context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
            context.close(promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
