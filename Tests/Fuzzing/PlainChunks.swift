/// A chunked body taken apart whole and without haste, to hold the decoder against.
struct PlainChunks {
    private(set) var content: [UInt8] = []
    /// How many bytes the body takes, framing and trailers included.
    private(set) var length = 0

    private static let lineEnd = Array("\r\n".utf8)

    /// - Returns: nil unless `bytes` begin with a whole chunked body, in which chunk extensions may be anything.
    init?(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while true {
            guard let line = Self.takeLine(&rest) else { return nil }
            var digits = line.prefix { $0 != UInt8(ascii: ";") }
            // Blanks may stand before an extension.
            while digits.count < line.count, let last = digits.last, last == 0x20 || last == 0x09 {
                digits.removeLast()
            }
            guard (1...16).contains(digits.count), digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
                let size = Int(String(decoding: digits, as: UTF8.self), radix: 16)
            else { return nil }
            if size == 0 { break }
            guard rest.count >= size + 2, rest.dropFirst(size).starts(with: Self.lineEnd) else { return nil }
            content += rest.prefix(size)
            rest = rest.dropFirst(size + 2)
        }
        while let line = Self.takeLine(&rest) {
            if line.isEmpty {
                length = bytes.count - rest.count
                return
            }
            guard HTTP1Rules.isField(line), !HTTP1Rules.framing.contains(HTTP1Rules.name(of: line)) else { return nil }
        }
        return nil
    }

    private static func takeLine(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let end = rest.firstRange(of: lineEnd) else { return nil }
        let line = rest[..<end.lowerBound]
        rest = rest[end.upperBound...]
        return line.allSatisfy(HTTP1Rules.isText) ? line : nil
    }
}
