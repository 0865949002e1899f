import Testing

@testable import Gateway
@testable import HTTPServer

/// What RFC 9113 asks of the one who is called, section by section, where a caller can see it.
@Suite("HTTP/2 by its sections")
struct HTTP2ConformanceTests {
    private enum Code {
        static let `protocol`: UInt32 = 1
        static let flowControl: UInt32 = 3
        static let streamClosed: UInt32 = 5
        static let frameSize: UInt32 = 6
        static let compression: UInt32 = 9
    }

    private typealias Kind = HTTP2Frame.Kind

    /// What the connection ends with when these come.
    private func goAway(_ frames: [HTTP2Frame], _ plan: ExchangeStep? = nil) throws -> UInt32? {
        let connection = try ServedHTTP2Connection()
        if let plan { connection.plan = { _ in plan } }
        try connection.receive(bytes: frames.flatMap(\.bytes))
        return connection.goAway
    }

    private func frame(_ kind: UInt8, _ stream: UInt32, _ payload: [UInt8] = [], flags: UInt8 = 0) -> HTTP2Frame {
        HTTP2Frame(kind: kind, flags: flags, stream: stream, payload: payload)
    }

    @Test("3.4: a connection begins with the preface")
    func preface() throws {
        let connection = try ServedHTTP2Connection(greets: false)
        try connection.receive(bytes: Array("INVALID CONNECTION PREFACE\r\n\r\n".utf8))
        #expect(connection.isEnded)
    }

    @Test("4.1: frames of unknown types, and unknown flags, are passed over")
    func unknownFrames() throws {
        let connection = try ServedHTTP2Connection()
        try connection.receive(frame(0x16, 0, [1, 2]), frame(0x16, 1, flags: 0xFF), .get(1))
        #expect(connection.answers[1]?.status == "200")
        #expect(connection.goAway == nil)
    }

    @Test("4.1: the reserved bit of a stream number is ignored")
    func reservedBit() throws {
        let connection = try ServedHTTP2Connection()
        try connection.receive(.get(1 | 1 << 31))
        #expect(connection.answers[1]?.status == "200")
    }

    @Test("4.2: no frame is longer than 16,384 bytes")
    func frameSize() throws {
        let long = [UInt8](repeating: 0, count: 16_385)
        #expect(try goAway([.post(1), frame(Kind.data, 1, long)]) == Code.frameSize)
    }

    @Test("4.3: a block of fields that cannot be read ends the connection")
    func compression() throws {
        #expect(
            try goAway([frame(Kind.headers, 1, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], flags: 5)]) == Code.compression
        )
    }

    @Test(
        "5.1: on an idle stream nothing may come but a request",
        arguments: [Kind.data, Kind.reset, Kind.windowUpdate]
    )
    func idle(kind: UInt8) throws {
        #expect(try goAway([frame(kind, 1, [0, 0, 0, 1])]) == Code.protocol)
    }

    @Test("5.1: behind its end a stream gets nothing more while its answer is awaited")
    func halfClosed() throws {
        for further in [HTTP2Frame.data(1, "x"), .headers(1, [("a", "b")])] {
            let connection = try ServedHTTP2Connection()
            connection.plan = { _ in .wait }
            try connection.receive(.get(1), further)
            #expect(connection.goAway == Code.streamClosed || connection.answers[1]?.reset == Code.streamClosed)
        }
    }

    @Test("5.1: on a closed stream a request or a body is an error", arguments: [true, false])
    func closed(wasGivenUp: Bool) throws {
        for further in [HTTP2Frame.data(1, "x"), .get(1), .headers(1, [("a", "b")])] {
            let first: [HTTP2Frame] = wasGivenUp ? [.post(1), .reset(1)] : [.get(1)]
            #expect(try goAway(first + [further], wasGivenUp ? .wait : nil) == Code.streamClosed)
        }
    }

    @Test("5.1: on a closed stream windows and resets may still come")
    func late() throws {
        let connection = try ServedHTTP2Connection()
        try connection.receive(.get(1))
        try connection.receive(.windowUpdate(1, 5), .reset(1), frame(Kind.priority, 1, [0, 0, 0, 0, 0]), .get(3))
        #expect(connection.answers[3]?.status == "200")
        #expect(connection.goAway == nil)
    }

    @Test("5.1: what was on its way when the gateway gave up a stream is passed over")
    func refused() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .readBody }
        // The length is not the one that was said, which libnghttp2 refuses.
        try connection.receive(.post(1, "/a", [("content-length", "1")]), .data(1, "xx", endsStream: false))
        #expect(connection.answers[1]?.reset == Code.protocol)
        try connection.receive(.data(1, "xx"), .headers(1, [("a", "b")]), .get(3))
        #expect(connection.goAway == nil)
        #expect(connection.begun.contains("/a"))
    }

    @Test("5.1.1: numbers of streams are odd, and grow")
    func numbers() throws {
        #expect(try goAway([.get(2)]) == Code.protocol)
        #expect(try goAway([.get(5), .get(3)]) == Code.protocol)
        #expect(try goAway([.get(5), .data(3, "x")]) == Code.streamClosed)
        #expect(try goAway([.get(2_001), .get(3)]) == Code.streamClosed)
    }

    @Test("5.1.2: one stream too many is refused")
    func concurrency() throws {
        let frames = (0...HTTP2Limits.concurrentStreams).map { HTTP2Frame.get(UInt32(2 * $0 + 1)) }
        #expect(try goAway(frames, .wait) == Code.protocol)
    }

    @Test("6.1: DATA belongs to a stream, and its padding fits")
    func data() throws {
        #expect(try goAway([.data(0, "x")]) == Code.protocol)
        #expect(try goAway([.post(1), frame(Kind.data, 1, [9, 0], flags: 8)]) == Code.protocol)
    }

    @Test("6.2: HEADERS belong to a stream, end in order, and their padding fits")
    func headers() throws {
        #expect(try goAway([frame(Kind.headers, 0, flags: 5)]) == Code.protocol)
        #expect(
            try goAway([.headers(1, HTTP2Frame.request("GET", "/"), endsHeaders: false), .get(3)]) == Code.protocol
        )
        #expect(try goAway([frame(Kind.headers, 1, [9, 0], flags: 13)]) == Code.protocol)
    }

    @Test("6.3: PRIORITY belongs to a stream, and has five bytes")
    func priority() throws {
        #expect(try goAway([frame(Kind.priority, 0, [0, 0, 0, 0, 0])]) == Code.protocol)
        #expect(try goAway([.post(1), frame(Kind.priority, 1, [0, 0, 0, 0])]) == Code.frameSize)
        #expect(try goAway([frame(Kind.priority, 7, [0, 0, 0, 0, 0]), .get(1)]) == nil)
    }

    @Test("6.4: RST_STREAM belongs to a stream, and has four bytes")
    func reset() throws {
        #expect(try goAway([frame(Kind.reset, 0, [0, 0, 0, 8])]) == Code.protocol)
        #expect(try goAway([.post(1), frame(Kind.reset, 1, [0, 0, 8])]) == Code.frameSize)
    }

    @Test("6.5: SETTINGS belong to the connection, and have sizes and values that may be")
    func settings() throws {
        #expect(try goAway([frame(Kind.settings, 1)]) == Code.protocol)
        #expect(try goAway([frame(Kind.settings, 0, [0], flags: 1)]) == Code.frameSize)
        #expect(try goAway([frame(Kind.settings, 0, [0, 0, 0])]) == Code.frameSize)
        #expect(try goAway([.settings(2, 2)]) == Code.protocol)
        #expect(try goAway([.settings(4, 1 << 31)]) == Code.flowControl)
        #expect(try goAway([.settings(5, 1)]) == Code.protocol)
        #expect(try goAway([.settings(0xFF, 1)]) == nil)
    }

    @Test("6.7: PING belongs to the connection, and has eight bytes")
    func ping() throws {
        #expect(try goAway([frame(Kind.ping, 1, Array(repeating: 0, count: 8))]) == Code.protocol)
        #expect(try goAway([frame(Kind.ping, 0, [0])]) == Code.frameSize)
    }

    @Test("6.8: GOAWAY belongs to the connection")
    func goingAway() throws {
        #expect(try goAway([frame(Kind.goAway, 1, Array(repeating: 0, count: 8))]) == Code.protocol)
    }

    @Test("6.9: WINDOW_UPDATE has four bytes, opens a window, and none too far")
    func windows() throws {
        #expect(try goAway([.windowUpdate(0, 0)]) == Code.protocol)
        #expect(try goAway([frame(Kind.windowUpdate, 0, [0, 0, 1])]) == Code.frameSize)
        #expect(try goAway([.windowUpdate(0, 1 << 31 - 1)]) == Code.flowControl)
    }

    @Test("6.10: CONTINUATION goes on with a block that is not complete, on its stream")
    func continuation() throws {
        #expect(try goAway([frame(Kind.continuation, 1, [0x82], flags: 4)]) == Code.protocol)
        let open = HTTP2Frame.headers(1, HTTP2Frame.request("GET", "/"), endsHeaders: false)
        #expect(try goAway([open, frame(Kind.continuation, 3, flags: 4)]) == Code.protocol)
        #expect(try goAway([open, .data(1, "x")]) == Code.protocol)
    }

    @Test(
        "8: a request with a malformed head is refused, alone",
        arguments: [
            [("Upper", "x")], [(":status", "200")], [("connection", "close")], [("te", "gzip")],
            [("content-length", "x")], [("transfer-encoding", "chunked")],
        ]
    )
    func malformed(fields: [(String, String)]) throws {
        let connection = try ServedHTTP2Connection()
        try connection.receive(.get(1, "/a", fields), .get(3))
        #expect(connection.answers[1]?.reset == Code.protocol || connection.answers[1]?.status == "400")
        #expect(connection.answers[3]?.status == "200")
    }

    // MARK: What is answered stays answered

    @Test("answers that were decided go out, whatever frame ends the connection in the same piece")
    func decided() throws {
        for last in [HTTP2Frame.data(0, "x"), frame(Kind.priority, 0, [0, 0, 0, 0, 0]), .get(2), .get(1), .ping] {
            for size in [0, 10, 60_000] {
                let connection = try ServedHTTP2Connection()
                connection.plan = { _ in .respond(.large(size)) }
                let isAbuse = last == .ping
                let lasts = Array(repeating: last, count: isAbuse ? 1_100 : 1)
                try connection.receive(bytes: (([.get(1)] + lasts) as [HTTP2Frame]).flatMap(\.bytes))
                #expect(connection.answers[1]?.isComplete == true)
                #expect(connection.answers[1]?.body.count == size)
                #expect(connection.goAway != nil)
            }
        }
    }

    @Test("and where the caller does not take them, the frame waits until it does")
    func decidedAndStalled() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .respond(.large(60_000)) }
        connection.setWritable(false)
        try connection.receive(.get(1), .data(0, "x"))
        #expect(connection.answers.isEmpty)
        connection.channel.read()
        #expect(connection.recorder.reads == 0)
        connection.setWritable(true)
        #expect(connection.answers[1]?.body.count == 60_000)
        #expect(connection.goAway == Code.protocol)
    }

    @Test("frames may be cut anywhere")
    func cut() throws {
        let connection = try ServedHTTP2Connection(greets: false)
        let frames: [HTTP2Frame] = [.settings, .get(1), .post(3), .data(3, "hello"), .ping]
        for byte in HTTP2Frame.preface + frames.flatMap(\.bytes) { try connection.receive(bytes: [byte]) }
        #expect(connection.answers[1]?.isComplete == true)
        #expect(connection.answers[3]?.isComplete == true)
        #expect(connection.goAway == nil)
    }

    @Test(
        "floods of frames that mean nothing are counted, of whatever type",
        arguments: [0x0A, 0x0C, 0x10, 0x16, 0xFF] as [UInt8]
    )
    func floods(kind: UInt8) throws {
        let calm: UInt32 = 0xB
        #expect(try goAway(Array(repeating: frame(kind, 0, [1, 2]), count: 900)) == nil)
        #expect(try goAway(Array(repeating: frame(kind, 0, [1, 2]), count: 1_100)) == calm)
        #expect(try goAway(Array(repeating: frame(kind, 1, [1, 2]), count: 1_100)) == calm)
    }

    @Test("and so is padding, and DATA on a stream that the gateway has given up")
    func padding() throws {
        let calm: UInt32 = 0xB
        let padding = frame(Kind.data, 1, [255] + Array(repeating: 0, count: 255), flags: 8)
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .readBody }
        try connection.receive(.post(1))
        for _ in 0..<1_100 { try connection.receive(padding) }
        #expect(connection.goAway == calm)

        let refused = try ServedHTTP2Connection()
        refused.plan = { _ in .readBody }
        try refused.receive(.post(1, "/a", [("content-length", "1")]), .data(1, "xx", endsStream: false))
        for _ in 0..<1_100 { try refused.receive(.data(1, String(repeating: "x", count: 300), endsStream: false)) }
        #expect(refused.goAway == calm)
    }
}
