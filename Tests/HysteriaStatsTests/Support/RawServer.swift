import HysteriaStats
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// A server that answers each request with scripted bytes, right or wrong, and remembers what it was sent.
final class RawServer: Sendable {
    /// What the server does when a whole request has come.
    enum Reply: Sendable {
        /// Sends these segments, each in a write and a turn of the loop of its own.
        case segments([String])
        /// Sends the text, then closes.
        case andClose(String)
        /// Sends bytes without end, as fast as the client takes them.
        case endless(head: String, chunk: String)
        /// Sends the text once the signal is set.
        case afterwards(Signal, String)
        /// Says nothing.
        case silence
        /// Closes without a word.
        case close
    }

    /// Decides by the number of the connection, the number of the request on it (both from 0), and the request.
    typealias Script = @Sendable (_ connection: Int, _ request: Int, _ text: String) -> Reply

    private struct Record {
        var requests: [String] = []
        var connections = 0
        var channels: [any Channel] = []
    }

    let port: Int
    private let listener: any Channel
    private let record: SharedRecord

    private final class SharedRecord: Sendable {
        let value = Mutex(Record())
    }

    static func start(_ script: @escaping Script) async throws -> RawServer {
        let record = SharedRecord()
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                let index = record.value.withLock {
                    $0.connections += 1
                    $0.channels.append(channel)
                    return $0.connections - 1
                }
                return channel.eventLoop.makeCompletedFuture {
                    let handler = Handler(index: index, script: script) { text in
                        record.value.withLock { $0.requests.append(text) }
                    }
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        return RawServer(listener: listener, record: record)
    }

    /// Answers every request alike.
    static func start(always reply: Reply) async throws -> RawServer {
        try await Self.start { _, _, _ in reply }
    }

    /// Starts a server and a client for it, and ends both when the body has run.
    static func with(
        configure: @escaping @Sendable (inout StatsUpstream) -> Void = { _ in },
        script: @escaping Script,
        _ body: (RawServer, ClientHarness) async throws -> Void
    ) async throws {
        let server = try await Self.start(script)
        let client = try await ClientHarness(StatsAddress(host: "127.0.0.1", port: server.port), configure: configure)
        do {
            try await body(server, client)
        } catch {
            Issue.record(error)
        }
        await client.shutDown()
        await server.stop()
    }

    /// The same, with a server that answers every request alike.
    static func with(
        always reply: Reply,
        _ body: (RawServer, ClientHarness) async throws -> Void
    ) async throws {
        try await Self.with(script: { _, _, _ in reply }, body)
    }

    private init(listener: any Channel, record: SharedRecord) {
        self.listener = listener
        port = listener.localAddress?.port ?? 0
        self.record = record
    }

    /// The requests so far, each as its head and body.
    var requests: [String] {
        record.value.withLock { $0.requests }
    }

    /// How many connections came so far.
    var connections: Int {
        record.value.withLock { $0.connections }
    }

    /// Closes every connection, and returns when they are closed.
    func closeConnections() async {
        let channels = record.value.withLock { $0.channels }
        for channel in channels { try? await channel.close() }
    }

    func stop() async {
        try? await listener.close()
        await closeConnections()
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let index: Int
        private let script: Script
        private let note: (String) -> Void
        private var text = ""
        private var count = 0
        private var endless: String?

        init(index: Int, script: @escaping Script, note: @escaping (String) -> Void) {
            self.index = index
            self.script = script
            self.note = note
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            text += String(buffer: Self.unwrapInboundIn(data))
            guard let end = text.firstRange(of: "\r\n\r\n") else { return }
            let head = text[..<end.upperBound]
            let length =
                head.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
                .flatMap { Int($0.dropFirst(16)) } ?? 0
            guard text[end.upperBound...].utf8.count >= length else { return }
            let request = text
            text = ""
            note(request)
            perform(script(index, count, request), context)
            count += 1
        }

        func channelWritabilityChanged(context: ChannelHandlerContext) {
            sendEndlessly(context)
        }

        private func perform(_ reply: Reply, _ context: ChannelHandlerContext) {
            switch reply {
            case .silence:
                break
            case .close:
                context.close(promise: nil)
            case .andClose(let text):
                write(text, context).assumeIsolated().whenComplete { _ in context.close(promise: nil) }
            case .endless(let head, let chunk):
                endless = chunk
                _ = write(head, context)
                sendEndlessly(context)
            case .afterwards(let signal, let text):
                let channel = context.channel
                signal.then { channel.writeAndFlush(ByteBuffer(string: text), promise: nil) }
            case .segments(let segments):
                send(segments[...], context)
            }
        }

        private func send(_ segments: ArraySlice<String>, _ context: ChannelHandlerContext) {
            guard let first = segments.first else { return }
            write(first, context).assumeIsolated().whenSuccess {
                self.send(segments.dropFirst(), context)
            }
        }

        private func sendEndlessly(_ context: ChannelHandlerContext) {
            guard let chunk = endless else { return }
            while context.channel.isActive, context.channel.isWritable {
                _ = write(chunk, context)
            }
        }

        private func write(_ text: String, _ context: ChannelHandlerContext) -> EventLoopFuture<Void> {
            context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(string: text)))
        }
    }
}
