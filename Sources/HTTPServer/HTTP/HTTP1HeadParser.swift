import NIOCore
import Text

/// Reads a complete request head by RFC 9112, strictly: what two parsers might understand differently is rejected.
///
/// Stricter than NIOHTTP1's decoder on purpose; `docs/http.md` lists where.
struct HTTP1HeadParser {
    /// Reads `bytes`, which are one head with the empty line at its end, as ``HTTP1HeadScanner`` finds it: every line ends
    /// with CRLF and only the last is empty.
    static func parse(_ bytes: ByteBuffer) throws(RequestError) -> HTTP1RequestHead {
        var parser = HTTP1HeadParser()
        let error = bytes.withUnsafeReadableBytes { bytes -> RequestError? in
            do throws(RequestError) {
                try parser.read(bytes)
                return nil
            } catch {
                return error
            }
        }
        if let error { throw error }
        return parser.head(bytes)
    }

    private var method = HTTPMethod.other
    private var methodRange = 0..<0
    private var target = 0..<0
    private var authority: Range<Int>?
    private var isHTTP10 = false

    private var fields = RequestFields()
    private var contentLength: Int?
    private var isChunked = false
    private var connectionClose = false
    private var connectionKeepAlive = false

    private init() {}

    private func head(_ bytes: ByteBuffer) -> HTTP1RequestHead {
        HTTP1RequestHead(
            request: Request(
                version: isHTTP10 ? .http1_0 : .http1_1,
                method: method,
                methodRange: methodRange,
                bytes: bytes,
                target: target,
                authority: authority ?? fields.host ?? 0..<0,
                fields: fields
            ),
            framing: isChunked ? .chunked : contentLength.map { $0 == 0 ? .none : .length($0) } ?? .none,
            keepAlive: connectionClose ? false : !isHTTP10 || connectionKeepAlive,
            expectsContinue: fields.expectsContinue && !isHTTP10
        )
    }

    private mutating func read(_ bytes: UnsafeRawBufferPointer) throws(RequestError) {
        var lineStart = 0
        var isFirst = true
        while true {
            var lineEnd = lineStart
            while bytes[lineEnd] != UInt8(ascii: "\r") { lineEnd += 1 }
            guard bytes[lineEnd + 1] == UInt8(ascii: "\n") else {
                throw .malformed("A CR stands alone.")
            }
            if lineEnd == lineStart { break }
            if isFirst {
                try readRequestLine(bytes, lineStart..<lineEnd)
                isFirst = false
            } else {
                try readField(bytes, lineStart..<lineEnd)
            }
            lineStart = lineEnd + 2
        }
        try checkWhole()
    }

    /// `method SP request-target SP HTTP-version`, with exactly these two spaces (RFC 9112, section 3).
    private mutating func readRequestLine(_ bytes: UnsafeRawBufferPointer, _ line: Range<Int>) throws(RequestError) {
        var index = line.lowerBound
        while index < line.upperBound, HTTPGrammar.isToken(bytes[index]) { index += 1 }
        guard index > line.lowerBound, index < line.upperBound, bytes[index] == UInt8(ascii: " ") else {
            throw .malformed("The request line does not begin with a method and a space.")
        }
        methodRange = line.lowerBound..<index
        let token = UnsafeRawBufferPointer(rebasing: bytes[methodRange])
        method = HTTPMethod(token: token)
        // What follows the head of a CONNECT belongs to no request, so there would be nothing to go on with.
        guard !token.equals("CONNECT") else { throw .malformed("CONNECT is for proxies.") }

        let targetStart = index + 1
        index = targetStart
        while index < line.upperBound, HTTPGrammar.isTarget(bytes[index]) { index += 1 }
        guard index > targetStart, index < line.upperBound, bytes[index] == UInt8(ascii: " ") else {
            throw .malformed("The request target is empty or contains a byte that must be percent-encoded.")
        }
        // First the version: what else is wrong with `PRI * HTTP/2.0` does not matter.
        try readVersion(bytes, (index + 1)..<line.upperBound)
        try readTarget(bytes, targetStart..<index)
    }

    /// `HTTP/1.x`: a higher minor version is answered as 1.1 (RFC 9110, section 2.5).
    private mutating func readVersion(_ bytes: UnsafeRawBufferPointer, _ version: Range<Int>) throws(RequestError) {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let start = version.lowerBound
        guard version.count == 8,
            UnsafeRawBufferPointer(rebasing: bytes[start..<start + 5]).equals("HTTP/"),
            digits.contains(bytes[start + 5]), bytes[start + 6] == UInt8(ascii: "."), digits.contains(bytes[start + 7])
        else {
            throw .malformed("The request line does not end with an HTTP version.")
        }
        guard bytes[start + 5] == UInt8(ascii: "1") else { throw .versionNotSupported }
        isHTTP10 = bytes[start + 7] == UInt8(ascii: "0")
    }

    /// The forms of RFC 9112, section 3.2, without that of CONNECT.
    private mutating func readTarget(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) throws(RequestError) {
        target = range
        if bytes[range.lowerBound] == UInt8(ascii: "/") { return }
        if range.count == 1, bytes[range.lowerBound] == UInt8(ascii: "*"), method == .options { return }

        // absolute-form. What the caller meant is the path after the authority, and this authority rather than Host.
        var start = range.lowerBound
        let text = UnsafeRawBufferPointer(rebasing: bytes[range])
        if text.count > 8, UnsafeRawBufferPointer(rebasing: text[..<8]).equalsIgnoringCase("https://") {
            start += 8
        } else if text.count > 7, UnsafeRawBufferPointer(rebasing: text[..<7]).equalsIgnoringCase("http://") {
            start += 7
        } else {
            throw .malformed("The request target is neither a path nor an http or https address.")
        }
        var end = start
        while end < range.upperBound, bytes[end] != UInt8(ascii: "/"), bytes[end] != UInt8(ascii: "?") { end += 1 }
        try RequestFields.checkAuthority(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
        authority = start..<end
        target = end..<range.upperBound
    }

    /// `field-name ":" OWS field-value OWS` (RFC 9112, section 5).
    private mutating func readField(_ bytes: UnsafeRawBufferPointer, _ line: Range<Int>) throws(RequestError) {
        var colon = line.lowerBound
        while colon < line.upperBound, HTTPGrammar.isToken(bytes[colon]) { colon += 1 }
        guard colon > line.lowerBound, colon < line.upperBound, bytes[colon] == UInt8(ascii: ":") else {
            // Among these: a line that continues the one before (obs-fold), and a space before the colon.
            throw .malformed("A header line does not begin with a name and a colon.")
        }
        var start = colon + 1
        var end = line.upperBound
        while start < end, bytes[start].isSpaceOrTab { start += 1 }
        while end > start, bytes[end - 1].isSpaceOrTab { end -= 1 }
        for index in start..<end where !HTTPGrammar.isFieldValue(bytes[index]) {
            throw .malformed("A header value contains a control character.")
        }
        let name = UnsafeRawBufferPointer(rebasing: bytes[line.lowerBound..<colon])
        let value = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
        if let name = RequestFields.Name(name) {
            // Every value stays where it is.
            _ = try fields.take(name, value, at: start..<end)
        } else if HTTPGrammar.isFraming(name) {
            // The whitespace of the grammar may be tabs (RFC 9110, section 5.6.3), which some parsers take as part of
            // the value.
            guard !bytes[(colon + 1)..<start].contains(UInt8(ascii: "\t")),
                !bytes[end..<line.upperBound].contains(UInt8(ascii: "\t"))
            else {
                throw .malformed("There is a tab next to a value that frames the message.")
            }
            try takeFraming(name, value)
        }
    }

    private mutating func takeFraming(
        _ name: UnsafeRawBufferPointer,
        _ value: UnsafeRawBufferPointer
    ) throws(RequestError) {
        switch name.count {
        case 10 where name.equalsIgnoringCase("connection"):
            try readConnection(value)
        case 14 where name.equalsIgnoringCase("content-length"):
            try readContentLength(value)
        case 17 where name.equalsIgnoringCase("transfer-encoding"):
            guard !isChunked, value.equalsIgnoringCase("chunked") else {
                throw .malformed("The transfer coding is not 'chunked' alone.")
            }
            isChunked = true
        default:
            break
        }
    }

    private mutating func readContentLength(_ value: UnsafeRawBufferPointer) throws(RequestError) {
        var length = 0
        guard !value.isEmpty else { throw .malformed("Content-Length is empty.") }
        for byte in value {
            guard byte.isDigit else { throw .malformed("Content-Length is not a number.") }
            // Beyond the limit the exact number does not matter, only that it cannot overflow.
            length = min(length * 10 + Int(byte &- UInt8(ascii: "0")), Int.max / 16)
        }
        guard contentLength == nil || contentLength == length else {
            throw .malformed("There are two different Content-Lengths.")
        }
        contentLength = length
    }

    /// A list of options, of which two matter here (RFC 9110, section 7.6.1).
    private mutating func readConnection(_ value: UnsafeRawBufferPointer) throws(RequestError) {
        for option in value.split(separator: UInt8(ascii: ",")) {
            var option = option
            while let first = option.first, first.isSpaceOrTab { option.removeFirst() }
            while let last = option.last, last.isSpaceOrTab { option.removeLast() }
            let token = UnsafeRawBufferPointer(rebasing: option)
            if token.equalsIgnoringCase("close") { connectionClose = true }
            if token.equalsIgnoringCase("keep-alive") { connectionKeepAlive = true }
        }
    }

    private func checkWhole() throws(RequestError) {
        if fields.host == nil, !isHTTP10 { throw .malformed("There is no Host.") }
        if isChunked, contentLength != nil {
            throw .malformed("There are both Content-Length and Transfer-Encoding.")
        }
        // RFC 9112, section 6.1: a 1.0 sender cannot have meant it.
        if isChunked, isHTTP10 { throw .malformed("HTTP/1.0 has no Transfer-Encoding.") }
        if let contentLength, contentLength > HTTP1Limits.body { throw .bodyTooLarge }
    }
}

/// A request head, read: the request itself and what HTTP/1.1 says beside it.
struct HTTP1RequestHead {
    /// How the body after the head is delimited (RFC 9112, section 6).
    enum Framing: Equatable {
        case none
        case length(Int)
        case chunked
    }

    /// What was asked.
    var request: Request
    /// How much follows.
    var framing: Framing
    /// Whether the connection may serve another request after this one (RFC 9112, section 9.3).
    var keepAlive: Bool
    /// Whether the caller waits for `100 Continue` before it sends the body.
    var expectsContinue: Bool
}

/// How much of one request is taken into memory, in bytes.
enum HTTP1Limits {
    /// Request line and header fields, with their line ends.
    static let head = 16 * 1024
    /// The content of a request, chunk framing not counted.
    static let body = 64 * 1024
    /// The digits of a chunk size, zeros before it included: those of 64 bits, which some senders write in full.
    static let chunkSizeDigits = 16
    /// The extensions of one chunk. They are ignored, so more than a little is only an attack.
    static let chunkExtensions = 256
    /// Trailer fields of a chunked body, which are ignored.
    static let trailer = 4 * 1024
}
