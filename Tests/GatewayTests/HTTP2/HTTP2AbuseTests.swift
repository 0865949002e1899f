import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway
@testable import HTTPServer

@Suite("A caller who does harm over HTTP/2 is told, let go, and counted")
struct HTTP2AbuseTests {
    private static let protocolError: UInt32 = 1
    private static let flowControlError: UInt32 = 3
    private static let frameSizeError: UInt32 = 6
    private static let compressionError: UInt32 = 9
    private static let enhanceYourCalm: UInt32 = 11

    /// The number of the caller's so many-th stream.
    private func odd(_ index: Int) -> UInt32 { UInt32(2 * index + 1) }

    /// Sends until the connection ends, and returns how often.
    private func flood(
        _ connection: ServedHTTP2Connection,
        atMost limit: Int = 5000,
        _ make: (Int) -> [HTTP2Frame]
    ) throws -> Int {
        for index in 0..<limit {
            if connection.isEnded { return index }
            try connection.receive(bytes: make(index).flatMap(\.bytes))
        }
        return limit
    }

    private func expectCalm(_ connection: ServedHTTP2Connection, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(connection.goAway == Self.enhanceYourCalm, sourceLocation: sourceLocation)
        #expect(connection.recorder.closedOutput, sourceLocation: sourceLocation)
        #expect(connection.resources.abuses == 1, sourceLocation: sourceLocation)
        connection.advance(.seconds(2))
        #expect(!connection.isOpen, sourceLocation: sourceLocation)
        #expect(connection.registry.count == 0, sourceLocation: sourceLocation)
    }

    // MARK: Requests that want no answer

    @Test("requests that are given up at once, whatever answers them", arguments: [true, false], [0, 8] as [UInt32])
    func rapidReset(answersAtOnce: Bool, code: UInt32) throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in answersAtOnce ? .respond(.text("a")) : .wait }
        let count = try flood(connection) { [.get(odd($0)), .reset(odd($0), code)] }
        #expect(count == HTTP2Limits.unanswered.burst + 1)
        expectCalm(connection)
    }

    @Test("all in one segment as well")
    func rapidResetAtOnce() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .wait }
        try connection.receive(
            bytes: (0..<1000).flatMap { HTTP2Frame.get(odd($0)).bytes + HTTP2Frame.reset(odd($0)).bytes }
        )
        #expect(connection.begun.count <= HTTP2Limits.unanswered.burst + 1)
        expectCalm(connection)
    }

    @Test("a caller that gives up now and then is served on")
    func occasionalReset() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .wait }
        for index in 0..<1000 {
            try connection.receive(.get(odd(index)), .reset(odd(index)))
            connection.advance(.milliseconds(100))
        }
        #expect(!connection.isEnded)
    }

    @Test("requests that the gateway has to reset")
    func madeToReset() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .wait }
        let count = try flood(connection) { [.get(odd($0)), .windowUpdate(odd($0), 0x7FFF_FFFF)] }
        #expect(count == HTTP2Limits.unanswered.burst + 1)
        expectCalm(connection)
    }

    @Test("requests that are malformed, over and over")
    func malformed() throws {
        let connection = try ServedHTTP2Connection()
        let count = try flood(connection) { [.headers(odd($0), [(":method", "GET")])] }
        #expect(count == HTTP2Limits.unanswered.burst + 1)
        expectCalm(connection)
    }

    @Test("more requests at once than there may be")
    func tooManyStreams() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .wait }
        let count = try flood(connection) { [.get(odd($0))] }
        #expect(count == HTTP2Limits.concurrentStreams + 1)
        #expect(connection.begun.count == HTTP2Limits.concurrentStreams)
        #expect(connection.goAway == Self.protocolError)
    }

    @Test("even before the caller has acknowledged how many there may be, without an end")
    func tooManyEarlyStreams() throws {
        let connection = try ServedHTTP2Connection(greets: false)
        connection.plan = { _ in .wait }
        try connection.receive(bytes: HTTP2Frame.preface, .settings)
        try connection.receive(
            bytes: (0..<HTTP2Limits.concurrentStreams).flatMap { HTTP2Frame.get(odd($0)).bytes }
        )
        try connection.receive(.get(1001))
        #expect(connection.answers[1001]?.reset == 7)
        #expect(connection.begun.count == HTTP2Limits.concurrentStreams)
        let count = try flood(connection) { [.get(odd(1000 + $0))] }
        #expect(count < HTTP2Limits.overhead.burst + 10)
        expectCalm(connection)
    }

    // MARK: Frames that want nothing

    static let floods: [(String, @Sendable (Int) -> [HTTP2Frame])] = [
        ("PING", { _ in [.ping] }),
        ("SETTINGS", { _ in [.settings] }),
        ("PRIORITY", { _ in [HTTP2Frame(kind: HTTP2Frame.Kind.priority, stream: 1, payload: [0, 0, 0, 3, 1])] }),
        ("WINDOW_UPDATE", { _ in [.windowUpdate(0, 1)] }),
        ("empty DATA", { _ in [.data(1, "", endsStream: false)] }),
        ("DATA byte by byte", { _ in [.data(1, "b", endsStream: false)] }),
    ]

    @Test("frames without an end that bring nothing", arguments: floods.indices)
    func overhead(index: Int) throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .readBody }
        try connection.receive(.post(1))
        let count = try flood(connection, Self.floods[index].1)
        #expect(count > HTTP2Limits.overhead.burst - 20 && count <= HTTP2Limits.overhead.burst + 1)
        expectCalm(connection)
    }

    @Test("a caller that opens its windows as it reads is none of them")
    func windowUpdates() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .respond(.large(2000)) }
        for index in 0..<3000 {
            try connection.receive(.get(odd(index)))
            try connection.receive(.windowUpdate(0, 2000), .ping)
            connection.advance(.microseconds(100))
        }
        #expect(!connection.isEnded)
        #expect(connection.answers[5999]?.isComplete == true)
    }

    @Test("windows opened byte by byte")
    func dribble() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .respond(.large(100_000)) }
        try connection.receive(.settings(4, 0), .get(1))
        _ = try flood(connection) { _ in [.windowUpdate(1, 1)] }
        expectCalm(connection)
    }

    @Test("acknowledgements that are asked for and not read", arguments: [HTTP2Frame.ping, .settings])
    func unreadAcknowledgements(frame: HTTP2Frame) throws {
        let connection = try ServedHTTP2Connection()
        connection.setWritable(false)
        for _ in 0..<(2 * HTTP2Limits.unsentAcknowledgements) { try connection.receive(frame) }
        #expect(connection.resources.abuses == 1)
        connection.advance(.seconds(2))
        #expect(!connection.isOpen)
    }

    // MARK: Header lists

    @Test("CONTINUATION without an end", arguments: ["", "x"])
    func continuations(value: String) throws {
        let connection = try ServedHTTP2Connection()
        try connection.receive(.headers(1, HTTP2Frame.request("GET", "/a"), endsHeaders: false))
        let count = try flood(connection) { _ in
            [
                HTTP2Frame(
                    kind: HTTP2Frame.Kind.continuation,
                    stream: 1,
                    payload: value.isEmpty ? [] : HeaderBlock.literal([("x", value)])
                )
            ]
        }
        #expect(count == HTTP2Limits.continuations + 1)
        #expect(connection.begun.isEmpty)
        expectCalm(connection)
    }

    @Test("few bytes that stand for many")
    func headerBomb() throws {
        let connection = try ServedHTTP2Connection()
        let block =
            HeaderBlock.literal(HTTP2Frame.request("GET", "/a"))
            + HeaderBlock.kept("x", String(repeating: "v", count: 3900))
            + Array(repeating: HeaderBlock.newest, count: 10_000)
        try connection.receive(HTTP2Frame(kind: HTTP2Frame.Kind.headers, flags: 5, stream: 1, payload: block))
        #expect(connection.begun.isEmpty)
        expectCalm(connection)
    }

    @Test("trailers that are too large")
    func largeTrailers() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .readBody }
        let block =
            HeaderBlock.kept("x", String(repeating: "v", count: 3900))
            + Array(repeating: HeaderBlock.newest, count: 10_000)
        try connection.receive(.post(1), HTTP2Frame(kind: HTTP2Frame.Kind.headers, flags: 5, stream: 1, payload: block))
        expectCalm(connection)
    }

    // MARK: Against the protocol

    static let violations: [(String, HTTP2Frame, UInt32)] = [
        ("a request on stream 0", .get(0), protocolError),
        ("a body on stream 0", .data(0, "x"), protocolError),
        ("a reset of stream 0", .reset(0), protocolError),
        ("a reset of a stream that never was", .reset(7), protocolError),
        ("a request on a stream of the server's", .get(2), protocolError),
        ("a push promise", HTTP2Frame(kind: 5, flags: 4, stream: 1, payload: [0, 0, 0, 2]), protocolError),
        ("CONTINUATION of nothing", HTTP2Frame(kind: 9, flags: 4, stream: 1), protocolError),
        ("a frame that is too large", .data(1, String(repeating: "x", count: 16_385)), frameSizeError),
        ("a PING of the wrong size", HTTP2Frame(kind: 6, payload: [1]), frameSizeError),
        ("an index of no field", HTTP2Frame(kind: 1, flags: 5, stream: 1, payload: [0xFF, 0xFF]), compressionError),
        ("a window beyond its limit", .windowUpdate(0, 0x7FFF_FFFF), flowControlError),
        ("an initial window beyond its limit", .settings(4, 0x8000_0000), flowControlError),
        (
            "too large a table", HTTP2Frame(kind: 1, flags: 5, stream: 1, payload: [0x3F, 0xE1, 0xFF, 3]),
            compressionError
        ),
    ]

    @Test("what is against the protocol ends the connection with its code", arguments: violations.indices)
    func violation(index: Int) throws {
        let (what, frame, code) = Self.violations[index]
        let connection = try ServedHTTP2Connection()
        try connection.receive(frame)
        #expect(connection.goAway == code, "\(what)")
        #expect(connection.recorder.closedOutput, "\(what)")
        try connection.receive(.get(9))
        #expect(connection.begun.isEmpty, "\(what)")
        connection.advance(.seconds(2))
        #expect(!connection.isOpen, "\(what)")
    }

    @Test("so does what is no HTTP/2 at all", arguments: ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", "\u{16}\u{3}\u{1}"])
    func noPreface(text: String) throws {
        let connection = try ServedHTTP2Connection(greets: false)
        try connection.receive(bytes: Array(text.utf8))
        #expect(connection.goAway == Self.protocolError)
        connection.advance(.seconds(2))
        #expect(!connection.isOpen)
    }

    @Test("frames and settings that nobody knows are passed over, and so are priorities")
    func unknown() throws {
        let connection = try ServedHTTP2Connection()
        try connection.receive(
            HTTP2Frame(kind: 0x42, stream: 0, payload: [1, 2, 3]),
            .settings(0xF000, 1),
            HTTP2Frame(kind: HTTP2Frame.Kind.priority, stream: 3, payload: [0, 0, 0, 1, 1]),
            .get(1)
        )
        #expect(connection.answers[1]?.status == "200")
    }
}
