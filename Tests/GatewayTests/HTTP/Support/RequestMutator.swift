import HysteriaSimulator
import HysteriaStats

@testable import Gateway
@testable import HTTPServer

/// Makes requests that are nearly right: generated ones, and the corpus with something changed in it.
struct RequestMutator {
    private var random: SeededGenerator
    private static let corpus = RequestCorpus.all.filter { $0.count < 600 }

    /// The bytes of one connection, the same for the same seed.
    static func request(seed: UInt64) -> [UInt8] {
        var mutator = RequestMutator(random: SeededGenerator(seed: seed))
        return mutator.next()
    }

    private mutating func next() -> [UInt8] {
        var bytes = Int.random(in: 0..<3, using: &random) > 0 ? generated() : pick(Self.corpus)
        for _ in 0..<max(0, Int.random(in: -2...2, using: &random)) { mutate(&bytes) }
        if Bool.random(using: &random) { bytes += "GET /next HTTP/1.1\r\nHost: a\r\n\r\n".utf8 }
        return bytes
    }

    private mutating func mutate(_ bytes: inout [UInt8]) {
        let index = Int.random(in: 0...bytes.count, using: &random)
        let end = min(bytes.count, index + Int.random(in: 1...8, using: &random))
        switch Int.random(in: 0..<6, using: &random) {
        case 0 where index < bytes.count: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 1 where index < bytes.count: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: bytes.removeSubrange(index..<end)
        case 3: bytes.insert(contentsOf: bytes[index..<end], at: index)
        case 4: bytes.replaceSubrange(index..<end, with: pick(Self.words).utf8)
        default: bytes.insert(contentsOf: pick(Self.words).utf8, at: index)
        }
    }

    /// A request put together from parts that go together more often than not.
    private mutating func generated() -> [UInt8] {
        var text = "\(pick(Self.methods)) \(pick(Self.targets)) \(pick(Self.versions))\r\n"
        var fields = ["Host: \(pick(Self.hosts))"]
        for _ in 0..<Int.random(in: 0...3, using: &random) { fields.append(pick(Self.fields)) }
        var body = ""
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            body = String(repeating: "x", count: Int.random(in: 0...20, using: &random))
            fields.append("Content-Length: \(body.utf8.count)")
        case 1:
            body = chunks()
            fields.append("Transfer-Encoding: chunked")
        default:
            break
        }
        fields.shuffle(using: &random)
        text += fields.map { $0 + "\r\n" }.joined() + "\r\n" + body
        return Array(text.utf8)
    }

    private mutating func chunks() -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let count = Int.random(in: 1...20, using: &random)
            let size = String(count, radix: 16, uppercase: Bool.random(using: &random))
            text += size + pick(Self.extensions) + "\r\n" + String(repeating: "y", count: count) + "\r\n"
        }
        return text + "0" + pick(Self.extensions) + "\r\n" + pick(Self.trailers) + "\r\n"
    }

    private mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &random)]
    }

    private static let methods = [
        "GET", "GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "CONNECT", "PRI", "get", "X",
    ]
    private static let targets = [
        "/", "/traffic?clear=1", "*", "http://b/c?d", "https://b", "/%2e%2e/", "//", "a:1", "/\\",
    ]
    private static let versions = [
        "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "HTTP/0.9", "",
    ]
    private static let hosts = ["a", "b", "c", "a:80", "[::1]", "", "a b", "127.0.0.1"]
    private static let fields = [
        "Connection: close", "Connection: keep-alive", "Connection: Keep-Alive, x", "Connection: upgrade",
        "Upgrade: h2c", "Expect: 100-continue", "Authorization: Bearer x", "Accept: */*", "X:", "X: \u{FC}",
        "User-Agent: curl/8",
        "Accept: text/plain;q=0.5, */*;q=0.1", "Cookie: a=b; c=d", "X : y",
        "Content-Length: 3", "Content-Length: 03", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip",
        " folded", "Host: b", "Proxy-Connection: close", "TE: trailers", "Trailer: X", "Content-Encoding: gzip",
    ]
    private static let extensions = ["", "", "", ";a", ";a=b", ";a=\"b;c\"", " ;a", "; a", ";", ";a=\"\\\"\""]
    private static let trailers = [
        "", "", "X: y\r\n", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "X\r\n", " y\r\n",
    ]
    private static let words = [
        "\r\n", "\n", "\r", "\r\n\r\n", "\n\n", " ", "\t", "\u{0}", "\u{B}", "\u{C}", ":", ",", ";", "=", "\"", "\\",
        "0", "00",
        "chunked", "Transfer-Encoding: chunked\r\n", "Transfer-Encoding:\tchunked\r\n", "Content-Length: 0\r\n",
        "Content-Length: 5\r\n", "content-length:\r\n", "0\r\n\r\n", "5\r\nabcde\r\n", "GET / HTTP/1.1\r\n",
        "Host: a\r\n", "HTTP/1.0", "HTTP/1.1", "Connection: close\r\n", "Expect: 100-continue\r\n", "\u{7F}", "\u{80}",
        "Upgrade: x\r\nConnection: upgrade\r\n", "+", "-", "0x", "ffffffff", "%", "#", "@", "/", "?", "*",
    ]
}
