import NIOCore
import NIOOpenSSL
import NIOPosix

/// A caller over a real socket who says what a test says.
final class RawCaller: Sendable {
    private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>
    private let received: AsyncStream<String>

    /// - Parameter isSecure: whether what is said and heard goes through TLS.
    static func connect(
        to port: Int,
        at host: String = "127.0.0.1",
        isSecure: Bool = false
    ) async throws -> RawCaller {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if isSecure {
                        try channel.pipeline.syncOperations.addHandler(
                            OpenSSLClientHandler(context: .client(trust: .unverified), serverName: "localhost")
                        )
                    }
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return RawCaller(channel)
    }

    private init(_ channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>) {
        self.channel = channel
        let (stream, continuation) = AsyncStream<String>.makeStream()
        received = stream
        Task {
            try? await channel.executeThenClose { inbound, _ in
                for try await bytes in inbound { continuation.yield(String(buffer: bytes)) }
            }
            continuation.finish()
        }
    }

    func send(_ text: String) async throws {
        try await channel.channel.writeAndFlush(ByteBuffer(string: text))
    }

    /// What comes until it contains `text`, or the connection ends.
    func receive(until text: String) async -> String {
        var all = ""
        for await piece in received {
            all += piece
            if all.contains(text) { break }
        }
        return all
    }

    /// What comes until the connection ends.
    func receiveAll() async -> String {
        var all = ""
        for await piece in received { all += piece }
        return all
    }

    func close() async {
        try? await channel.channel.close()
    }
}
