import NIOCore
import NIOEmbedded
import NIOOpenSSL

/// A server and a client of ours, joined in memory. Nothing happens but what a test does.
final class BackToBack {
    enum Side {
        case server, client
    }

    /// One of the two channels with what was added to it.
    struct End {
        let channel: EmbeddedChannel
        let socket = SocketEnd()
        let recorder = Recorder()
        let tls: OpenSSLHandler
        let halfClosure: Bool

        init(_ tls: OpenSSLHandler, _ loop: EmbeddedEventLoop, halfClosure: Bool) throws {
            self.tls = tls
            self.halfClosure = halfClosure
            channel = EmbeddedChannel(handlers: [socket, tls, recorder], loop: loop)
            try channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: halfClosure)
        }

        func activate() throws {
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
        }

        func send(_ text: String) {
            channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
        }
    }

    let loop = EmbeddedEventLoop()
    let server: End
    let client: End

    /// How many bytes arrive at once; all that there are if `nil`.
    var pieceSize: Int?

    /// Changes what is under way from a side.
    var tamper: ((Side, inout ByteBuffer) -> Void)?

    private var toldServer = false
    private var toldClient = false

    init(
        server: TLSContext? = nil,
        client: TLSContext? = nil,
        halfClosure: Bool = false,
        handshakeTimeout: TimeAmount = .seconds(10),
        closeTimeout: TimeAmount = .seconds(5)
    ) throws {
        self.server = try End(
            OpenSSLServerHandler(
                context: server ?? Fixtures.server(),
                handshakeTimeout: handshakeTimeout,
                closeTimeout: closeTimeout
            ),
            loop,
            halfClosure: halfClosure
        )
        self.client = try End(
            OpenSSLClientHandler(
                context: client ?? Fixtures.client(),
                serverName: "localhost",
                handshakeTimeout: handshakeTimeout,
                closeTimeout: closeTimeout
            ),
            loop,
            halfClosure: halfClosure
        )
    }

    deinit {
        // A channel that is left open is reported as leaked. A close_notify would wait for a peer that is gone.
        for end in [server, client] {
            end.socket.endInput(halfClosureAllowed: false)
        }
        loop.run()
    }

    /// Connects and completes the handshake.
    static func connected(
        server: TLSContext? = nil,
        client: TLSContext? = nil,
        halfClosure: Bool = false,
        closeTimeout: TimeAmount = .seconds(5)
    ) throws -> BackToBack {
        let pair = try BackToBack(server: server, client: client, halfClosure: halfClosure, closeTimeout: closeTimeout)
        try pair.activate()
        try pair.exchange()
        return pair
    }

    func activate() throws {
        try server.activate()
        try client.activate()
    }

    /// Carries bytes to and fro until there are no more, then tells each side if the other has ended its direction.
    func exchange() throws {
        repeat {
            while try carry(from: client, .client, to: server) || carry(from: server, .server, to: client) {}
            loop.run()
        } while tellEnds()
    }

    /// What one side has sent and nobody has carried yet.
    func takeOutput(of end: End) throws -> ByteBuffer {
        var all = ByteBuffer()
        while var part = try end.channel.readOutbound(as: ByteBuffer.self) {
            all.writeBuffer(&part)
        }
        return all
    }

    private func carry(from: End, _ side: Side, to: End) throws -> Bool {
        var bytes = try takeOutput(of: from)
        tamper?(side, &bytes)
        guard bytes.readableBytes > 0 else {
            return false
        }
        while let part = bytes.readSlice(length: min(bytes.readableBytes, pieceSize ?? .max)), part.readableBytes > 0 {
            guard to.channel.isActive else {
                return false
            }
            // Errors reach the recorders.
            _ = try? to.channel.writeInbound(part)
        }
        return true
    }

    private func tellEnds() -> Bool {
        var told = false
        if server.socket.outputEnded || !server.channel.isActive, !toldClient, client.channel.isActive {
            toldClient = true
            told = true
            client.socket.endInput(halfClosureAllowed: client.halfClosure)
        }
        if client.socket.outputEnded || !client.channel.isActive, !toldServer, server.channel.isActive {
            toldServer = true
            told = true
            server.socket.endInput(halfClosureAllowed: server.halfClosure)
        }
        return told
    }
}
