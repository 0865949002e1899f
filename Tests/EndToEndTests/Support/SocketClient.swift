import NIOCore
import NIOOpenSSL
import NIOPosix
import NIOSSL
import Testing

/// A client that sends and receives bytes as they are: on a bare TCP connection, or on TLS by swift-nio-ssl (BoringSSL),
/// which shares no code with the gateway's.
struct SocketClient: Sendable {
    /// What has come in so far.
    struct Received: Sendable, CustomStringConvertible {
        /// All the bytes.
        var bytes: [UInt8] = []
        /// Whether the connection has ended.
        var isClosed = false
        /// What went wrong with it.
        var error: String?
        /// The version of TLS; nil before the handshake is complete.
        var version: NIOSSL.TLSVersion?

        var description: String {
            "\(isClosed ? "closed" : "open"), \(error ?? "no error"), \(bytes.count) bytes: "
                + String(decoding: bytes.prefix(2000), as: UTF8.self)
        }
    }

    private let channel: any Channel
    private let observed: Observed<Received>

    /// Opens a TCP connection.
    static func plain(to port: Int) async throws -> SocketClient {
        try await connect(to: port) { _ in }
    }

    /// Opens a TLS connection and waits for the handshake.
    static func tls(
        to port: Int,
        version: NIOSSL.TLSVersion = .tlsv13,
        trusting identities: [TLSIdentity]? = nil,
        applicationProtocol: String = "http/1.1",
        receiveBuffer: Int? = nil
    ) async throws -> SocketClient {
        let certificates = try (identities ?? [Scene.identity.get()])
            .flatMap { try NIOSSLCertificate.fromPEMBytes($0.certificateChainPEM) }
        var configuration = NIOSSL.TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(certificates)
        configuration.minimumTLSVersion = version
        configuration.maximumTLSVersion = version
        configuration.applicationProtocols = [applicationProtocol]
        let context = try NIOSSLContext(configuration: configuration)
        let client = try await connect(to: port, receiveBuffer: receiveBuffer) { channel in
            let handler = try NIOSSLClientHandler(context: context, serverHostname: "localhost")
            try channel.pipeline.syncOperations.addHandler(handler)
        }
        let received = try await client.observed.first("a handshake") { received in
            received.version != nil || received.isClosed ? received : nil
        }
        #expect(received.version == version, "\(received)")
        return client
    }

    private static func connect(
        to port: Int,
        receiveBuffer: Int? = nil,
        _ addHandlers: @escaping @Sendable (any Channel) throws -> Void
    ) async throws -> SocketClient {
        let observed = Observed(Received())
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(WireHandler())
                    try addHandlers(channel)
                    try channel.pipeline.syncOperations.addHandler(SocketClientHandler(observed))
                }
            }
        let limited = receiveBuffer.map { bootstrap.channelOption(.socketOption(.so_rcvbuf), value: .init($0)) }
        let channel = try await (limited ?? bootstrap).connect(host: "127.0.0.1", port: port).get()
        return SocketClient(channel: channel, observed: observed)
    }

    /// What has come in so far.
    var received: Received { observed.value }

    // MARK: Sending

    /// Sends bytes, and returns when they are with the kernel.
    func send(_ bytes: some Sequence<UInt8> & Sendable) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    /// Sends text.
    func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    /// Sends text one byte at a time, each in a record and a packet of its own.
    func sendBytewise(_ text: String) async throws {
        for byte in text.utf8 { try await send([byte]) }
    }

    /// Sends bytes past TLS, as somebody on the way would.
    func sendBelowTLS(_ bytes: [UInt8]) async throws {
        try await onWire { $0.writeAndFlush(NIOAny(ByteBuffer(bytes: bytes)), promise: nil) }
    }

    // MARK: Receiving

    /// Lets what comes in wait in the socket, or reads it again.
    func reads(_ doesRead: Bool) async throws {
        try await channel.setOption(.autoRead, value: doesRead).get()
    }

    /// Reads once, on a connection that does not read by itself, and waits for what comes in.
    func readOnce() async throws {
        let count = received.bytes.count
        channel.read()
        _ = try await observed.first("more bytes") { $0.bytes.count > count ? true : nil }
    }

    /// From now on ``readsAByte()`` reads one, and not what is there.
    func readsBytewise() async throws {
        try await channel.setOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 1)).get()
        try await channel.setOption(.maxMessagesPerRead, value: 1).get()
    }

    /// Takes a byte out of the socket, if there is one.
    func readsAByte() {
        channel.read()
    }

    /// Waits for as many answers.
    func answers(_ count: Int, isToHead: Bool = false) async throws -> [HTTPAnswer] {
        try await observed.first("\(count) answers") { received in
            var rest = received.bytes[...]
            var answers: [HTTPAnswer] = []
            while let answer = HTTPAnswer(takenFrom: &rest, isToHead: isToHead) { answers.append(answer) }
            return answers.count >= count ? answers : nil
        }
    }

    /// Sends a request and waits for the first answer.
    func answer(to request: String) async throws -> HTTPAnswer {
        try await send(request)
        return try #require(try await answers(1).first)
    }

    /// Waits for the other side to end the connection, and returns all that it sent.
    @discardableResult
    func end() async throws -> Received {
        try await observed.first("the end of the connection") { $0.isClosed ? $0 : nil }
    }

    /// Waits until something has come in.
    func first<Found: Sendable>(_ what: String, _ find: @escaping @Sendable (Received) -> Found?) async throws -> Found
    {
        try await observed.first(what, find)
    }

    // MARK: Ending

    /// Ends the connection in order.
    func close() async throws {
        try await channel.close().get()
    }

    /// Ends this side's direction of the TCP connection without a word of TLS, as a client does that is killed.
    func endOutputWithoutGoodbye() async throws {
        try await onWire { $0.close(mode: .output, promise: nil) }
    }

    /// Ends the connection with a reset.
    func reset() async throws {
        let provider = try #require(channel as? any SocketOptionProvider)
        try await provider.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try await onWire { $0.close(mode: .all, promise: nil) }
    }

    /// Does something below TLS.
    private func onWire(_ body: @escaping @Sendable (ChannelHandlerContext) -> Void) async throws {
        try await channel.eventLoop.submit { [channel] in
            body(try channel.pipeline.syncOperations.context(handlerType: WireHandler.self))
        }.get()
    }
}
