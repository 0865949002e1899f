import HysteriaSimulator
import HysteriaStats

/// What one caller sends over one connection, all of it made from a seed.
struct DeliverySequence: CustomStringConvertible {
    enum Way: CaseIterable {
        case plain, secure, http2
    }

    static let token = "hg_delivery-0123456789abcdefghijklmnopqrstuvwxyz"

    let way: Way
    /// What is sent, in the pieces in which it is.
    private(set) var segments: [[UInt8]] = []
    /// Whether the caller ends its side behind it. Otherwise the gateway has to end the connection.
    private(set) var endsInput = false
    private var generator: SeededGenerator

    var description: String {
        let texts = segments.map { String(decoding: $0, as: UTF8.self).debugDescription }
        return "\(way) \(texts.joined(separator: " | "))\(endsInput ? " end" : "")"
    }

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        // A handshake costs as much as a hundred requests.
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: way = .secure
        case 1: way = .http2
        default: way = .plain
        }
        let bytes = way == .http2 ? frames() : requests()
        cut(bytes)
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &generator)]
    }

    private mutating func cut(_ bytes: [UInt8]) {
        var rest = bytes[...]
        for _ in 0..<pick([0, 0, 1, 3]) where rest.count > 1 {
            let count = Int.random(in: 1..<rest.count, using: &generator)
            segments.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        segments.append(Array(rest))
    }

    // MARK: HTTP/1.1

    private static let good: [String] = [
        get("/healthz"), get("/healthz"), get("/nope"), get("/traffic"), get("/openapi.json"), get("/"),
        get("/traffic", "Authorization: Bearer \(token)"), get("/traffic?clear=1", "Authorization: Bearer \(token)"),
        post("/healthz", "Content-Length: 5") + "hello",
        post("/nope", "Transfer-Encoding: chunked") + "5\r\nhello\r\n0\r\n\r\n",
        post("/nope", "Transfer-Encoding: chunked") + "00000005\r\nhello\r\n0\r\n\r\n",
        post("/nope", "Transfer-Encoding: chunked") + "5; a=b\r\nhello\r\n5 ;a = \"b\" ;c\r\nhello\r\n0\r\n\r\n",
        post("/kick", "Authorization: Bearer \(token)", "Content-Length: 5") + "[\"a\"]",
        post("/kick", "Authorization: Bearer \(token)", "Transfer-Encoding: chunked") + "05\r\n[\"a\"]\r\n0\r\n\r\n",
        post("/kick", "Authorization: Bearer \(token)", "Expect: 100-continue", "Content-Length: 5") + "[\"a\"]",
    ]

    /// Behind these the gateway ends the connection by itself.
    private static let last: [String] = [
        get("/healthz", "Connection: close"), get("/openapi.json", "Connection: close"),
        get("/traffic", "Authorization: Bearer \(token)", "Connection: close"),
        "GET /healthz HTTP/1.0\r\n\r\n",
        post("/healthz", "Transfer-Encoding: chunked") + "+5\r\nhello\r\n0\r\n\r\n",
        get("/healthz", "Transfer-Encoding: chunked") + "+5\r\nhello\r\n0\r\n\r\n",
        post("/kick", "Authorization: Bearer \(token)", "Transfer-Encoding: chunked") + "5\r\nhelloX",
        post("/nope", "Transfer-Encoding: chunked") + "5\r\nhello\r\n0\r\nX\r\n\r\n",
        post("/nope", "Content-Length: 5", "Content-Length: 6"), "GET /healthz HTTP/1.1\r\nHost: [\r\n\r\n",
        "GET /healthz HTTP/1.1\nHost: a\r\n\r\n", "\u{16}\u{3}\u{1}", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        post("/kick", "Content-Length: 1000000"), post("/kick", "Expect: tea"),
    ]

    private static func get(_ target: String, _ fields: String...) -> String { request("GET", target, fields) }
    private static func post(_ target: String, _ fields: String...) -> String { request("POST", target, fields) }

    private static func request(_ method: String, _ target: String, _ fields: [String]) -> String {
        "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
    }

    private mutating func requests() -> [UInt8] {
        var text = ""
        for _ in 0..<Int.random(in: 0..<6, using: &generator) { text += pick(Self.good) }
        switch Int.random(in: 0..<4, using: &generator) {
        case 0:
            endsInput = true
        case 1:
            endsInput = true
            let request = pick(Self.good)
            text += request.prefix(Int.random(in: 0..<request.count, using: &generator))
        default:
            text += pick(Self.last)
            // What comes behind it is nobody's request any more.
            if Bool.random(using: &generator) { text += pick(Self.good) + pick(Self.last) }
        }
        return Array(text.utf8)
    }

    // MARK: HTTP/2

    private mutating func frames() -> [UInt8] {
        var bytes = HTTP2Frame.preface
        for frame in [.settings, HTTP2Frame.windowUpdate(0, 1 << 24), .settings(4, 1 << 24)] { bytes += frame.bytes }
        var stream: UInt32 = 1
        for _ in 0..<Int.random(in: 0..<8, using: &generator) {
            let authorization = [("authorization", "Bearer \(Self.token)")]
            switch Int.random(in: 0..<9, using: &generator) {
            case 0, 1: bytes += HTTP2Frame.get(stream, "/healthz").bytes
            case 2: bytes += HTTP2Frame.get(stream, "/openapi.json").bytes
            case 3: bytes += HTTP2Frame.get(stream, "/traffic", authorization).bytes
            case 4: bytes += HTTP2Frame.post(stream, "/nope").bytes + HTTP2Frame.data(stream, "hello").bytes
            case 5: bytes += HTTP2Frame.headers(stream, HTTP2Frame.request("HEAD", "/healthz")).bytes
            case 6:
                bytes += HTTP2Frame.post(stream, "/kick", authorization).bytes
                bytes += HTTP2Frame.data(stream, "[\"a\"]").bytes
            case 7: bytes += HTTP2Frame.get(stream, "/healthz", [("host", "b")]).bytes
            default: bytes += HTTP2Frame.ping.bytes + HTTP2Frame(kind: 0xFA, payload: [1, 2, 3]).bytes
            }
            stream += pick([2, 2, 2, 4])
        }
        let last: [HTTP2Frame] = [
            HTTP2Frame(kind: HTTP2Frame.Kind.priority, payload: [0, 0, 0, 0, 0]), .data(0, "x"), .data(stream, "x"),
            HTTP2Frame(kind: HTTP2Frame.Kind.ping, payload: [1]), .windowUpdate(0, 0), .get(2), .settings(2, 7),
            HTTP2Frame(kind: HTTP2Frame.Kind.headers, flags: 5, stream: stream, payload: [0xFF, 0xFF, 0xFF, 0xFF]),
            HTTP2Frame(kind: HTTP2Frame.Kind.continuation, flags: 4, stream: stream, payload: [0x82]),
        ]
        if Bool.random(using: &generator) {
            bytes += pick(last).bytes + HTTP2Frame.get(stream + 2, "/healthz").bytes
        } else {
            endsInput = true
            bytes += HTTP2Frame.get(stream, "/healthz").bytes.prefix(pick([0, 0, 5, 9, 20]))
        }
        return bytes
    }
}
