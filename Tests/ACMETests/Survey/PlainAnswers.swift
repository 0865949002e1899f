import NIOCore
import NIOOpenSSL
import NIOPosix

/// A server on 127.0.0.1 that answers requests by their paths, over TLS or without, or says nothing at all.
final class PlainAnswers {
    let port: Int
    private let channel: any Channel

    /// - Parameters:
    ///   - context: For TLS; nil for none.
    ///   - answer: The whole answer to a path; nil for silence.
    init(_ context: TLSContext? = nil, answer: @escaping @Sendable (_ path: String) -> String?) throws {
        channel = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let context { try pipeline.addHandler(OpenSSLServerHandler(context: context)) }
                    try pipeline.addHandler(Answerer(answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
        port = channel.localAddress?.port ?? 0
    }

    func stop() { try? channel.close().wait() }

    private final class Answerer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let answer: @Sendable (String) -> String?
        private var request = ""

        init(_ answer: @escaping @Sendable (String) -> String?) { self.answer = answer }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            request += String(buffer: Self.unwrapInboundIn(data))
            let words = request.split(separator: " ")
            // What is no request is answered all the same: a client of TLS sends one.
            let path = words.count > 1 && words[0] == "GET" ? String(words[1]) : ""
            guard path.isEmpty || request.hasSuffix("\r\n\r\n"), let text = answer(path) else { return }
            context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
            context.close(promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
