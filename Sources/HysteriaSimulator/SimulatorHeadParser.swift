import HysteriaStats
import Text

/// Parses the head of a request as Go's `net/http` does, with its verdicts.
enum SimulatorHeadParser {
    /// What a head that is none gets: the status line's end, and as its body the same words.
    struct HeadError: Error {
        let status: String

        static let badRequest = HeadError(status: "400 Bad Request")
    }

    /// Parses a head with all its line ends.
    static func parse(_ head: [UInt8]) -> Result<SimulatorRequest, HeadError> {
        Result { () throws(HeadError) in
            var lines = head.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
                line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            }[...]
            var request = try Self.requestLine(lines.popFirst() ?? [])
            for line in lines where !line.isEmpty { try Self.header(line, &request) }
            try Self.checkHost(request)
            request.framing = try Self.framing(request)
            return request
        }
    }

    private static func requestLine(_ line: ArraySlice<UInt8>) throws(HeadError) -> SimulatorRequest {
        let parts = line.split(separator: 0x20, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let blank = parts[1].lastIndex(of: 0x20) else { throw .badRequest }
        let method = parts[0]
        let target = parts[1][..<blank]
        let version = String(decoding: parts[1][(blank + 1)...], as: UTF8.self)
        guard !method.isEmpty, method.allSatisfy(\.isTokenByte) else { throw .badRequest }
        let digits = version.utf8.filter(\.isDigit)
        guard version.hasPrefix("HTTP/"), version.utf8.count == 8, digits.count == 2 else { throw .badRequest }
        let isPreface = method.elementsEqual("PRI".utf8) && version == "HTTP/2.0"
        // Go makes the path of CONNECT from an authority, which no handler knows.
        let hasAuthority = method.elementsEqual("CONNECT".utf8) && target.first != UInt8(ascii: "/")
        guard let url = SimulatorURL(target: hasAuthority ? Array("/".utf8) + target : Array(target)) else {
            throw .badRequest
        }
        guard digits.first == UInt8(ascii: "1") || isPreface else {
            throw HeadError(status: "505 HTTP Version Not Supported: unsupported protocol version")
        }
        return SimulatorRequest(
            method: Array(method),
            target: Array(target),
            url: url,
            isHTTP10: version == "HTTP/1.0",
            isPreface: isPreface
        )
    }

    private static func header(_ line: ArraySlice<UInt8>, _ request: inout SimulatorRequest) throws(HeadError) {
        if line.first?.isSpaceOrTab == true {
            // A folded line goes on where the one before it ended.
            guard !request.headers.isEmpty else { throw .badRequest }
            let last = request.headers.count - 1
            request.headers[last].value = Self.trimmed((request.headers[last].value + [0x20] + Self.trimmed(line))[...])
            return
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else { throw .badRequest }
        guard line[..<colon].allSatisfy(\.isTokenByte) else {
            throw HeadError(status: "400 Bad Request: invalid header name")
        }
        let value = Self.trimmed(line[(colon + 1)...])
        for byte in value where (byte < 0x20 && byte != 0x09) || byte == 0x7f { throw .badRequest }
        let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
        request.headers.append((name: name, value: value))
    }

    private static func checkHost(_ request: SimulatorRequest) throws(HeadError) {
        let hosts = request.headers.filter { $0.name == "host" }
        guard hosts.count <= 1 else { throw .badRequest }
        guard let host = hosts.first else {
            guard request.isHTTP10 || request.isPreface else {
                throw HeadError(status: "400 Bad Request: missing required Host header")
            }
            return
        }
        let allowed = Set("!$%&'()*+,-.:;=[]_~".utf8)
        guard host.value.allSatisfy({ $0.isLetterOrDigit || allowed.contains($0) }) else {
            throw HeadError(status: "400 Bad Request: malformed Host header")
        }
    }

    private static func framing(_ request: SimulatorRequest) throws(HeadError) -> SimulatorRequest.Framing {
        let codings = request.headers.filter { $0.name == "transfer-encoding" }
        if let coding = codings.first {
            guard codings.count == 1, String(decoding: coding.value, as: UTF8.self).lowercased() == "chunked" else {
                throw HeadError(status: "501 Not Implemented")
            }
            return .chunked
        }
        let lengths = Set(request.headers.filter { $0.name == "content-length" }.map(\.value))
        guard lengths.count <= 1 else { throw .badRequest }
        guard let length = lengths.first else { return .length(0) }
        guard let value = length.withUnsafeBytes({ $0.decimal }) else { throw .badRequest }
        return .length(value)
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        bytes.withUnsafeBytes { Array($0.trimmed) }
    }
}

extension UInt8 {
    fileprivate var isLetterOrDigit: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    /// Whether this may stand in a method or a header name.
    fileprivate var isTokenByte: Bool {
        isLetterOrDigit || "!#$%&'*+-.^_`|~".utf8.contains(self)
    }
}
