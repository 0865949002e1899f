@testable import Gateway
@testable import HTTPServer

/// What has to hold of requests that were accepted, found by a second reading that is slow and plain.
///
/// NIOHTTP1 is more lenient than the gateway: to agree with it is not enough.
struct HTTP1Rules {
    static let framing: Set<String> = ["content-length", "transfer-encoding", "connection"]
    private static let tokenMarks = Set("!#$%&'*+-.^_`|~".utf8)
    private static let nameMarks = Set("-._~!$&'()*+=".utf8)
    private static let lineEnd = Array("\r\n".utf8)

    private var rest: ArraySlice<UInt8>

    /// The first rule that is broken in `bytes`, of which `messages` were accepted; nil if none is.
    static func broken(by bytes: [UInt8], accepted messages: [Reading.Message]) -> String? {
        var rules = HTTP1Rules(rest: bytes[...])
        for (index, message) in messages.enumerated() {
            if let broken = rules.broken(by: message) { return "request \(index): \(broken)" }
        }
        return nil
    }

    private mutating func broken(by message: Reading.Message) -> String? {
        if rest.starts(with: Self.lineEnd) { rest = rest.dropFirst(2) }
        guard let end = rest.firstRange(of: Self.lineEnd + Self.lineEnd) else { return "its head does not end" }
        guard rest.distance(from: rest.startIndex, to: end.upperBound) <= HTTP1Limits.head else { return "its size" }
        var lines = Self.lines(of: rest[..<end.lowerBound])
        rest = rest[end.upperBound...]
        guard lines.allSatisfy({ $0.allSatisfy(Self.isText) }) else { return "a control character" }
        let words = lines.removeFirst().split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard words.count == 3, words[2].count == 8, words[2].starts(with: "HTTP/1.".utf8), Self.isToken(words[0]),
            String(decoding: words[0], as: UTF8.self) == message.method, message.method != "CONNECT",
            words[1].allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") })
        else { return "its request line" }
        let target = String(decoding: words[1], as: UTF8.self).lowercased()
        guard target.hasPrefix("/") || target == "*" || target.hasPrefix("http://") || target.hasPrefix("https://")
        else { return "its target" }
        return broken(by: message, fields: lines, isHTTP10: words[2].last == UInt8(ascii: "0"))
    }

    private mutating func broken(
        by message: Reading.Message,
        fields: [ArraySlice<UInt8>],
        isHTTP10: Bool
    ) -> String? {
        guard fields.allSatisfy(Self.isField) else { return "a line that is no field" }
        var values: [String: [String]] = [:]
        for field in fields {
            let name = Self.name(of: field)
            if field.contains(UInt8(ascii: "\t")), name == "content-length" || name == "transfer-encoding" {
                return "a tab beside the framing"
            }
            values[name, default: []].append(Self.value(of: field))
        }
        let hosts = values["host", default: []]
        guard hosts.count == 1 || hosts.isEmpty && isHTTP10 else { return "its hosts: \(hosts)" }
        guard hosts.allSatisfy(Self.isAuthority), message.authority.isEmpty || Self.isAuthority(message.authority)
        else { return "its host" }
        guard values["authorization", default: []] == [message.authorization].compactMap(\.self) else {
            return "its credentials"
        }
        guard values["expect", default: []].allSatisfy({ $0.lowercased() == "100-continue" }) else { return "Expect" }
        return broken(
            by: message,
            lengths: values["content-length", default: []],
            codings: values["transfer-encoding", default: []],
            isHTTP10: isHTTP10
        )
    }

    private mutating func broken(
        by message: Reading.Message,
        lengths: [String],
        codings: [String],
        isHTTP10: Bool
    ) -> String? {
        if !codings.isEmpty {
            guard codings.map({ $0.lowercased() }) == ["chunked"], lengths.isEmpty, !isHTTP10 else {
                return "its coding"
            }
            guard let chunks = PlainChunks(rest), chunks.content.count <= HTTP1Limits.body else { return "its chunks" }
            rest = rest.dropFirst(chunks.length)
            return String(decoding: chunks.content, as: UTF8.self) == message.body ? nil : "the content of its chunks"
        }
        let numbers = Set(lengths.map { $0.allSatisfy(\.isWholeNumber) ? Int($0) : nil })
        guard numbers.count <= 1, let number = numbers.first ?? 0, number <= min(HTTP1Limits.body, rest.count) else {
            return "its length: \(lengths)"
        }
        let content = rest.prefix(number)
        rest = rest.dropFirst(number)
        return String(decoding: content, as: UTF8.self) == message.body ? nil : "its content"
    }
}

// MARK: Grammar

extension HTTP1Rules {
    /// Whether this may stand in a field value or a request line.
    static func isText(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == 0x09 }

    /// Whether this is a name, a colon and anything.
    static func isField(_ line: ArraySlice<UInt8>) -> Bool {
        line.contains(UInt8(ascii: ":")) && isToken(line.prefix { $0 != UInt8(ascii: ":") })
    }

    /// The name of a field, in lower case.
    static func name(of line: ArraySlice<UInt8>) -> String {
        String(decoding: line.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self).lowercased()
    }

    private static func value(of line: ArraySlice<UInt8>) -> String {
        var value = line.drop { $0 != UInt8(ascii: ":") }.dropFirst()
        while let first = value.first, first == 0x20 || first == 0x09 { value.removeFirst() }
        while let last = value.last, last == 0x20 || last == 0x09 { value.removeLast() }
        return String(decoding: value, as: UTF8.self)
    }

    private static func isToken(_ bytes: ArraySlice<UInt8>) -> Bool {
        !bytes.isEmpty && bytes.allSatisfy { isAlphanumeric($0) || tokenMarks.contains($0) }
    }

    private static func isAuthority(_ text: String) -> Bool {
        if text.hasPrefix("[") {
            let parts = text.dropFirst().split(separator: "]", omittingEmptySubsequences: false)
            guard parts.count == 2, parts[1].isEmpty || parts[1].hasPrefix(":") else { return false }
            let isFuture = parts[0].lowercased().hasPrefix("v") && parts[0].contains(".")
            let isAddress = parts[0].contains(":") && parts[0].allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
            return (isFuture || isAddress) && parts[1].dropFirst().allSatisfy { ("0"..."9").contains($0) }
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, !parts[0].isEmpty else { return false }
        let pieces = parts[0].split(separator: "%", omittingEmptySubsequences: false)
        return pieces.dropFirst().allSatisfy { $0.count >= 2 && $0.prefix(2).allSatisfy(\.isHexDigit) }
            && pieces.allSatisfy { $0.utf8.allSatisfy { isAlphanumeric($0) || nameMarks.contains($0) } }
            && parts.dropFirst().allSatisfy { $0.allSatisfy { ("0"..."9").contains($0) } }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        let character = UnicodeScalar(byte)
        return character.isASCII && (character.properties.isAlphabetic || character.properties.numericType != nil)
    }

    private static func lines(of bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var rest = bytes
        while let end = rest.firstRange(of: lineEnd) {
            lines.append(rest[..<end.lowerBound])
            rest = rest[end.upperBound...]
        }
        return lines + [rest]
    }
}
