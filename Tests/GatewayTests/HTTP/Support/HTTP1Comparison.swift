import NIOHTTP1
import Text

@testable import Gateway
@testable import HTTPServer

/// What two parsers make of the same bytes: ours and NIOHTTP1's.
struct HTTP1Comparison {
    let ours: Reading
    let theirs: ReferenceReading
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        ours = Reading(bytes)
        theirs = ReferenceReading(bytes)
    }

    /// What the two read differently; nil where they agree, or ours has refused for a reason that is known.
    var disagreement: String? {
        for (index, message) in ours.messages.enumerated() {
            guard index < theirs.messages.count else {
                return theirsIsStricter ? nil : "only here: \(ours), there \(theirs)"
            }
            var other = theirs.messages[index]
            if message.keepAlive, !other.keepAlive, !theirsMayClose { return "kept here, closed there: \(message)" }
            // To close what could be kept confuses nobody.
            other.keepAlive = message.keepAlive
            if message != other { return "\(message), there \(other)" }
        }
        guard theirs.messages.count > ours.messages.count else { return nil }
        switch ours.end {
        case .refused(_, let detail): return Self.strictness.contains(detail) ? nil : "refused here only: \(ours)"
        case .closed: return nil
        case .atBoundary, .within: return "only there: \(theirs), here \(ours)"
        }
    }

    /// The rules of ours that NIOHTTP1 does not hold requests to, as `docs/http.md` lists them.
    static let strictness: Set<String> = [
        // Host, and who is asked for.
        "There is no Host.",
        "There is more than one Host.",
        "The host is empty or not a host name with an optional port.",
        "The request target is neither a path nor an http or https address.",
        "The request target is empty or contains a byte that must be percent-encoded.",
        "CONNECT is for proxies.",
        // Blanks and line ends.
        "The request line does not begin with a method.",
        "The request line does not begin with a method and a space.",
        "The request line does not end with an HTTP version.",
        "A line ends with LF instead of CRLF.",
        "A CR stands alone.",
        // What else is ambiguous, or understood by half.
        "There is more than one Authorization.",
        "Only 'Expect: 100-continue' is understood.",
        "The transfer coding is not 'chunked' alone.",
        "HTTP/1.0 has no Transfer-Encoding.",
        "A chunk extension is malformed or too long.",
        "A chunk size has too many digits.",
        "A trailer says how the message is framed.",
        "There is a tab next to a value that frames the message.",
        // Limits.
        RequestError.headTooLarge.detail,
        RequestError.bodyTooLarge.detail,
    ]

    /// Whether NIOHTTP1 refused what is accepted here on purpose.
    private var theirsIsStricter: Bool {
        switch theirs.error {
        // Methods it does not know, minor versions to come, the same Content-Length twice.
        case .invalidMethod, .invalidVersion, .unexpectedContentLength: true
        case .closedConnection: theirsMayClose
        // It takes no blanks around chunk extensions.
        case .invalidChunkSize, .strictModeAssertion, .unknown: hasBlanksInChunkExtension
        // Behind a request that asks for another protocol it reads no further; here, the offer is passed over.
        case nil: theirs.isUpgrade
        default: false
        }
    }

    private var hasBlanksInChunkExtension: Bool {
        let blank = UInt8(ascii: " ")
        let lines = bytes.split(separator: UInt8(ascii: "\n")).filter { $0.contains(UInt8(ascii: ";")) }
        return lines.contains { line in
            let size = line.prefix { $0 != UInt8(ascii: ";") }
            let digits = size.filter { $0 != blank && $0 != UInt8(ascii: "\t") }
            return !digits.isEmpty && digits.allSatisfy { $0.hexDigitValue != nil }
                && line.contains { $0 == blank || $0 == UInt8(ascii: "\t") }
        }
    }

    /// Whether NIOHTTP1 may close where ours does not: for `Proxy-Connection`, which no standard knows, and where
    /// `keep-alive` is said twice.
    private var theirsMayClose: Bool {
        let text = String(decoding: bytes, as: UTF8.self).lowercased()
        return text.contains("proxy-connection")
            || text.firstRange(of: "keep-alive").map { text[$0.upperBound...].contains("keep-alive") } == true
    }
}
