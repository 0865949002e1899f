import NIOCore
import NIOOpenSSL
import NIOPosix

/// The server of the documentation, so that it compiles.
enum DocumentedServer {
    static func start(certificateFile: String, keyFile: String) async throws -> any Channel {
        let identity = try TLSIdentity(certificateFile: certificateFile, keyFile: keyFile)
        let context = try TLSContext.server(identity: identity)
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        OpenSSLServerHandler(context: context),
                        EchoHandler()
                    )
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        return server
    }
}
