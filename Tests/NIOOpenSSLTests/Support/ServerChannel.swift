import NIOCore
import NIOEmbedded
import NIOOpenSSL

/// A server's channel alone, for peers of other kinds.
struct ServerChannel {
    let loop = EmbeddedEventLoop()
    let channel: EmbeddedChannel
    let socket = SocketEnd()
    let recorder = Recorder()
    let tls: OpenSSLServerHandler

    init(_ context: TLSContext) throws {
        tls = OpenSSLServerHandler(context: context)
        channel = EmbeddedChannel(handlers: [socket, tls, recorder], loop: loop)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
    }

    /// Ends the connection as if the peer had gone, so that no channel is left open.
    func drop() {
        socket.endInput(halfClosureAllowed: false)
        loop.run()
    }
}
