import Foundation
import NIOCore
import NIOHTTP1
import NIOOpenSSL
import NIOPosix

@testable import ACME

/// A listener for handshakes and one for requests, which answer from a table.
struct ProofListeners {
    let tls: any Channel
    let http: any Channel

    init(_ table: ProofTable, host: String) async throws {
        let context = try TLSContext.server(
            identities: TLSIdentitySet([.throwaway(names: ["other.example"])]),
            configuration: .intermediate(applicationProtocols: ["h2", "http/1.1"]),
            challenges: table
        )
        tls = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(OpenSSLServerHandler(context: context))
                }
            }
            .bind(host: host, port: 0).get()
        http = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(TokenHandler(table))
                }
            }
            .bind(host: host, port: 0).get()
    }

    var tlsPort: Int { tls.localAddress?.port ?? 0 }
    var httpPort: Int { http.localAddress?.port ?? 0 }

    func close() async throws {
        try await tls.close()
        try await http.close()
    }
}

private final class TokenHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let table: ProofTable

    init(_ table: ProofTable) { self.table = table }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data) else { return }
        let host = head.headers.first(name: "Host")?.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        let token = String(head.uri.dropFirst("/.well-known/acme-challenge/".count))
        let body = table.answer(toToken: token, host: host)
        let answer = HTTPResponseHead(
            version: .http1_1,
            status: body == nil ? .notFound : .ok,
            headers: ["Connection": "close"]
        )
        context.write(wrapOutboundOut(.head(answer)), promise: nil)
        if let body { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(promise: nil)
    }
}
