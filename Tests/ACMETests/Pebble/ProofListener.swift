import ACME
import NIOCore
import NIOOpenSSL
import NIOPosix

/// A server that shows proofs as the gateway does: by a handshake on one port, by a request on the other.
final class ProofListener {
    private let channels: [any Channel]

    /// Where it listens: the system's choice for 0.
    var tlsPort: Int { channels[0].localAddress?.port ?? 0 }
    var httpPort: Int { channels[1].localAddress?.port ?? 0 }

    init(_ table: ProofTable, tlsPort: Int = 0, httpPort: Int = 0) throws {
        let identity = try TLSIdentity.throwaway(names: ["placeholder.invalid"])
        let context = try TLSContext.server(identities: TLSIdentitySet([identity]), challenges: table)
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        let tls = try bootstrap.childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(OpenSSLServerHandler(context: context))
            }
        }
        .bind(host: "127.0.0.1", port: tlsPort).wait()
        let http = try bootstrap.childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(RequestAnswerer(table))
            }
        }
        .bind(host: "127.0.0.1", port: httpPort).wait()
        channels = [tls, http]
    }

    func stop() {
        for channel in channels { try? channel.close().wait() }
    }

    private final class RequestAnswerer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let table: ProofTable
        private var request = ByteBuffer()

        init(_ table: ProofTable) {
            self.table = table
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var bytes = Self.unwrapInboundIn(data)
            request.writeBuffer(&bytes)
            let text = String(buffer: request)
            guard text.hasSuffix("\r\n\r\n") else { return }
            let lines = text.split(separator: "\r\n")
            let path = lines[0].split(separator: " ")[1]
            var host = lines.first { $0.hasPrefix("Host: ") }.map { String($0.dropFirst(6)) } ?? ""
            if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") { host = String(host[..<colon]) }
            if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
            let token = String(path.dropFirst("/.well-known/acme-challenge/".count))
            var answer = ByteBuffer(string: "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            if let body = table.answer(toToken: token, host: host) {
                answer = ByteBuffer(string: "HTTP/1.1 200 OK\r\nContent-Length: \(body.readableBytes)\r\n\r\n")
                answer.writeImmutableBuffer(body)
            }
            context.writeAndFlush(Self.wrapOutboundOut(answer), promise: nil)
            context.close(promise: nil)
        }
    }
}
