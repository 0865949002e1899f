// What parsers ask of bytes that are ASCII by their grammar. All of it is to be inlined: parsers run over each byte of a request.

extension UnsafeRawBufferPointer {
    /// Whether these bytes spell `text`.
    @inlinable @inline(__always)
    package func equals(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        for index in 0..<count where self[index] != text.utf8Start[index] { return false }
        return true
    }

    /// Whether these bytes spell `lowercase`, which is ASCII in lower case, in any case.
    @inlinable @inline(__always)
    package func equalsIgnoringCase(_ lowercase: StaticString) -> Bool {
        count == lowercase.utf8CodeUnitCount && beginsIgnoringCase(lowercase)
    }

    /// Whether the first of these bytes spell `lowercase`, which is ASCII in lower case, in any case.
    @inlinable @inline(__always)
    package func beginsIgnoringCase(_ lowercase: StaticString) -> Bool {
        guard count >= lowercase.utf8CodeUnitCount else { return false }
        for index in 0..<lowercase.utf8CodeUnitCount {
            let byte = self[index]
            let lower = byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
            if lower != lowercase.utf8Start[index] { return false }
        }
        return true
    }

    /// These bytes without spaces and tabs at either end.
    @inlinable
    package var trimmed: UnsafeRawBufferPointer {
        var start = 0
        var end = count
        while start < end, self[start].isSpaceOrTab { start += 1 }
        while end > start, self[end - 1].isSpaceOrTab { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: self[start..<end])
    }

    /// The value of these bytes as decimal digits and nothing else, if it is below 10^18.
    package var decimal: Int? {
        guard count > 0, count <= 18 else { return nil }
        var value = 0
        for byte in self {
            guard byte.isDigit else { return nil }
            value = value * 10 + Int(byte &- UInt8(ascii: "0"))
        }
        return value
    }

    /// The value of these bytes as hexadecimal digits and nothing else, if it is below 2^60.
    package var hexadecimal: Int? {
        guard count > 0, count <= 15 else { return nil }
        var value = 0
        for byte in self {
            guard let digit = byte.hexDigitValue else { return nil }
            value = value << 4 | Int(digit)
        }
        return value
    }
}

extension UInt8 {
    /// Whether this is a space or a tab.
    @inlinable @inline(__always)
    package var isSpaceOrTab: Bool { self == 0x20 || self == 0x09 }

    /// Whether this is a decimal digit.
    @inlinable @inline(__always)
    package var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }

    /// The value of a hexadecimal digit; nil for what is none.
    @inlinable @inline(__always)
    package var hexDigitValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self &- UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self &- UInt8(ascii: "a") &+ 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self &- UInt8(ascii: "A") &+ 10
        default: nil
        }
    }
}
