import Logging
import NIOCore
import NIOEmbedded
import Time

@testable import Gateway
@testable import HTTPServer

/// One HTTP/2 connection with the handler in it, on an event loop whose time stands still, and the caller's side of it.
final class ServedHTTP2Connection {
    /// What came back on one stream.
    struct Answer: Equatable {
        var fields: [String] = []
        var interim: [[String]] = []
        var body = ""
        var isComplete = false
        /// The code of RST_STREAM.
        var reset: UInt32?

        var status: String? { fields.first.map { String($0.dropFirst(":status: ".count)) } }
    }

    let registry = ConnectionRegistry()
    let recorder = OutboundRecorder()
    let resources: HTTPLoopResources
    let channel: EmbeddedChannel
    /// What the exchanges do with a request, by its target.
    var plan: (String) -> ExchangeStep = { .respond(.text($0)) }
    /// The exchanges, in the order in which they were made.
    private(set) var exchanges: [StubExchange] = []
    private(set) var answers: [UInt32: Answer] = [:]
    /// Frames that belong to no stream or are no part of an answer.
    private(set) var frames: [HTTP2Frame] = []
    private var undecoded: [UInt8] = []
    private let decoder = HeaderDecoder()

    /// - Parameters:
    ///   - greets: Whether the caller begins as it should.
    ///   - session: what puts frames together.
    ///   - logger: where the connection reports what it ends for.
    init(greets: Bool = true, session: HTTP2Session = HTTP2Session(), logger: Logger? = nil) throws {
        channel = EmbeddedChannel()
        let loop = channel.embeddedEventLoop
        resources = HTTPLoopResources(eventLoop: loop, clock: WallClock { 784_111_777 }, logger: logger)
        channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
        let handler = HTTP2ServerHandler(
            resources: resources,
            registry: registry,
            timeouts: ServedConnection.timeouts,
            eventLoop: loop,
            peerCertificate: nil,
            session: session,
            makeExchange: { [unowned self] in
                let exchange = StubExchange()
                exchange.plan = { [unowned self] in plan($0) }
                exchanges.append(exchange)
                return exchange
            }
        )
        try channel.pipeline.syncOperations.addHandlers(recorder, handler)
        if greets { try receive(bytes: HTTP2Frame.preface, .settings, .settingsAcknowledged) }
    }

    deinit {
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    var isOpen: Bool { channel.isActive }
    /// Whether the gateway says no more.
    var isEnded: Bool { recorder.closedOutput || !isOpen }
    /// The code of the last GOAWAY.
    var goAway: UInt32? { frames.last { $0.kind == HTTP2Frame.Kind.goAway }?.code }
    /// The targets that exchanges were asked for, in the order of the exchanges.
    var begun: [String] { exchanges.flatMap(\.begun) }

    /// The caller sends these.
    func receive(_ frames: HTTP2Frame...) throws {
        try receive(bytes: frames.flatMap(\.bytes))
    }

    /// The caller sends these.
    func receive(bytes: [UInt8], _ frames: HTTP2Frame...) throws {
        guard isOpen else { return }
        try channel.writeInbound(ByteBuffer(bytes: bytes + frames.flatMap(\.bytes)))
        run()
    }

    /// Ends the turn of the event loop and takes what has been sent.
    func run() {
        channel.embeddedEventLoop.run()
        while let piece = try? channel.readOutbound(as: ByteBuffer.self) { undecoded += Array(buffer: piece) }
        var rest = undecoded[...]
        while let frame = HTTP2Frame(takenFrom: &rest) { take(frame) }
        undecoded = Array(rest)
    }

    private func take(_ frame: HTTP2Frame) {
        switch frame.kind {
        case HTTP2Frame.Kind.headers:
            let fields = decoder.decode(frame.payload)
            if fields.first == ":status: 100" {
                answers[frame.stream, default: Answer()].interim.append(fields)
            } else {
                answers[frame.stream, default: Answer()].fields = fields
            }
        case HTTP2Frame.Kind.data:
            answers[frame.stream, default: Answer()].body += String(decoding: frame.payload, as: UTF8.self)
        case HTTP2Frame.Kind.reset:
            answers[frame.stream, default: Answer()].reset = frame.code
        default:
            frames.append(frame)
        }
        if frame.endsStream { answers[frame.stream]?.isComplete = true }
    }

    func advance(_ time: TimeAmount) {
        channel.embeddedEventLoop.advanceTime(by: time)
        run()
    }

    func setWritable(_ isWritable: Bool) {
        channel.isWritable = isWritable
        channel.pipeline.fireChannelWritabilityChanged()
        run()
    }
}
