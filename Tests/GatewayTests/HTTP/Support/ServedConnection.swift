import NIOCore
import NIOEmbedded
import Time

@testable import Gateway
@testable import HTTPServer

/// One connection with the handler in it, on an event loop whose time stands still.
final class ServedConnection {
    static let timeouts = HTTPTimeouts(
        head: .seconds(10),
        body: .seconds(30),
        idle: .seconds(60),
        linger: .seconds(2)
    )

    let exchange = StubExchange()
    let registry: ConnectionRegistry
    let recorder = OutboundRecorder()
    let channel: EmbeddedChannel
    private let handler: HTTP1ServerHandler

    /// - Parameter joiningAfter: how long the connection has been open when the handler comes in.
    init(
        isSecure: Bool = false,
        joiningAfter: TimeAmount? = nil,
        registry: ConnectionRegistry = ConnectionRegistry()
    ) throws {
        self.registry = registry
        let loop = EmbeddedEventLoop()
        handler = HTTP1ServerHandler(
            resources: HTTPLoopResources(eventLoop: loop, clock: WallClock { 784_111_777 }),
            registry: registry,
            timeouts: Self.timeouts,
            isSecure: isSecure,
            exchange: exchange
        )
        channel = EmbeddedChannel(handler: recorder, loop: loop)
        if joiningAfter == nil { try channel.pipeline.syncOperations.addHandler(handler) }
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        if let joiningAfter {
            loop.advanceTime(by: joiningAfter)
            try channel.pipeline.syncOperations.addHandler(handler)
        }
    }

    deinit {
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    var isOpen: Bool { channel.isActive }
    /// How much memory the handler has for input, in bytes.
    var heldInput: Int { handler.inputCapacity }

    /// The caller sends this.
    func receive(_ text: String) throws {
        try channel.writeInbound(ByteBuffer(string: text))
    }

    /// What the caller has got since the last call.
    func output() -> String {
        var output = ""
        while let piece = try? channel.readOutbound(as: ByteBuffer.self) { output += String(buffer: piece) }
        return output
    }

    /// The statuses of the answers that the caller has got since the last call.
    func statusLines() -> [String] {
        output().split(separator: "HTTP/1.1 ", omittingEmptySubsequences: true)
            .map { String($0.prefix { $0 != "\r\n" }) }
    }

    func advance(_ time: TimeAmount) {
        channel.embeddedEventLoop.advanceTime(by: time)
    }

    func setWritable(_ isWritable: Bool) {
        channel.isWritable = isWritable
        channel.pipeline.fireChannelWritabilityChanged()
    }
}
