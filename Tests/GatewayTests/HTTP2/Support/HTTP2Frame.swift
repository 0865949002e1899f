/// A frame as it travels (RFC 9113, section 4.1), to be made by hand.
struct HTTP2Frame: Equatable {
    enum Kind {
        static let data: UInt8 = 0
        static let headers: UInt8 = 1
        static let priority: UInt8 = 2
        static let reset: UInt8 = 3
        static let settings: UInt8 = 4
        static let ping: UInt8 = 6
        static let goAway: UInt8 = 7
        static let windowUpdate: UInt8 = 8
        static let continuation: UInt8 = 9
    }

    enum Flag {
        static let acknowledgement: UInt8 = 1
        static let endStream: UInt8 = 1
        static let endHeaders: UInt8 = 4
    }

    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    var kind: UInt8
    var flags: UInt8 = 0
    var stream: UInt32 = 0
    var payload: [UInt8] = []

    var bytes: [UInt8] {
        let length = payload.count
        return [UInt8(length >> 16), UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF), kind, flags]
            + Self.word(stream) + payload
    }

    /// Whether this is the last frame of its side of the stream.
    var endsStream: Bool { (kind == Kind.data || kind == Kind.headers) && flags & Flag.endStream != 0 }

    /// The error code of RST_STREAM and GOAWAY.
    var code: UInt32 {
        payload.dropFirst(kind == Kind.goAway ? 4 : 0).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    static func word(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    // MARK: Frames of a caller

    static let settings = HTTP2Frame(kind: Kind.settings)
    static let settingsAcknowledged = HTTP2Frame(kind: Kind.settings, flags: Flag.acknowledgement)
    static let ping = HTTP2Frame(kind: Kind.ping, payload: Array(repeating: 7, count: 8))

    static func settings(_ identifier: UInt16, _ value: UInt32) -> HTTP2Frame {
        HTTP2Frame(kind: Kind.settings, payload: [UInt8(identifier >> 8), UInt8(identifier & 0xFF)] + word(value))
    }

    static func headers(
        _ stream: UInt32,
        _ fields: [(String, String)],
        endsStream: Bool = true,
        endsHeaders: Bool = true
    ) -> HTTP2Frame {
        let flags = (endsStream ? Flag.endStream : 0) | (endsHeaders ? Flag.endHeaders : 0)
        return HTTP2Frame(kind: Kind.headers, flags: flags, stream: stream, payload: HeaderBlock.literal(fields))
    }

    static func get(_ stream: UInt32, _ path: String = "/a", _ further: [(String, String)] = []) -> HTTP2Frame {
        headers(stream, request("GET", path) + further)
    }

    static func post(_ stream: UInt32, _ path: String = "/a", _ further: [(String, String)] = []) -> HTTP2Frame {
        headers(stream, request("POST", path) + further, endsStream: false)
    }

    static func data(_ stream: UInt32, _ text: String, endsStream: Bool = true) -> HTTP2Frame {
        HTTP2Frame(
            kind: Kind.data,
            flags: endsStream ? Flag.endStream : 0,
            stream: stream,
            payload: Array(text.utf8)
        )
    }

    static func reset(_ stream: UInt32, _ code: UInt32 = 8) -> HTTP2Frame {
        HTTP2Frame(kind: Kind.reset, stream: stream, payload: word(code))
    }

    static func windowUpdate(_ stream: UInt32, _ increment: UInt32) -> HTTP2Frame {
        HTTP2Frame(kind: Kind.windowUpdate, stream: stream, payload: word(increment))
    }

    static func request(_ method: String, _ path: String) -> [(String, String)] {
        [(":method", method), (":scheme", "https"), (":authority", "a"), (":path", path)]
    }
}

extension HTTP2Frame {
    /// Takes the first frame out of `bytes`; nil unless all of it is there.
    init?(takenFrom bytes: inout ArraySlice<UInt8>) {
        let head = Array(bytes.prefix(9))
        guard head.count == 9 else { return nil }
        let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
        guard bytes.count >= 9 + length else { return nil }
        kind = head[3]
        flags = head[4]
        stream = head[5...].reduce(0) { $0 << 8 | UInt32($1) }
        payload = Array(bytes.dropFirst(9).prefix(length))
        bytes = bytes.dropFirst(9 + length)
    }
}
