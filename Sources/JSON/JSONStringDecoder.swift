import Text

/// Collects the bytes of a JSON string that has escapes.
struct JSONStringDecoder {
    var bytes: [UInt8]

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = Array(bytes)
    }

    /// Decodes an escape, given the offset after its backslash. Returns how many bytes it has from there.
    mutating func takeEscape(_ source: UnsafeRawBufferPointer, at offset: Int) throws(JSONError) -> Int {
        guard offset < source.count else { throw JSONError(offset: offset, reason: "a string does not end") }
        switch source[offset] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(source[offset])
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0c)
        case UInt8(ascii: "n"): bytes.append(0x0a)
        case UInt8(ascii: "r"): bytes.append(0x0d)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"): return try takeUnicodeEscape(source, at: offset)
        default: throw JSONError(offset: offset - 1, reason: "there is no such escape")
        }
        return 1
    }

    private mutating func takeUnicodeEscape(
        _ source: UnsafeRawBufferPointer,
        at offset: Int
    ) throws(JSONError) -> Int {
        let first = try unit(source, at: offset)
        if let scalar = Unicode.Scalar(first) {
            bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            return 5
        }
        // A surrogate stands for a character only as the first half of a pair.
        guard first < 0xdc00, offset + 6 < source.count, source[offset + 5] == UInt8(ascii: "\\"),
            source[offset + 6] == UInt8(ascii: "u")
        else {
            throw JSONError(offset: offset - 1, reason: "half of a surrogate pair stands alone")
        }
        let second = try unit(source, at: offset + 6)
        guard (0xdc00..<0xe000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))
        else {
            throw JSONError(offset: offset - 1, reason: "half of a surrogate pair stands alone")
        }
        bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        return 11
    }

    /// Reads four hexadecimal digits after the `u` at an offset.
    private func unit(_ source: UnsafeRawBufferPointer, at offset: Int) throws(JSONError) -> UInt32 {
        guard offset + 5 <= source.count,
            let value = UnsafeRawBufferPointer(rebasing: source[offset + 1..<offset + 5]).hexadecimal
        else {
            throw JSONError(offset: offset - 1, reason: "'\\u' needs four hexadecimal digits")
        }
        return UInt32(value)
    }
}
