/// What the parsers ask of bytes that are ASCII by their grammar.
extension UnsafeRawBufferPointer {
    /// Whether these are the letters of `lowercase`, in any case.
    func equalsIgnoringCase(_ lowercase: StaticString) -> Bool {
        guard self.count == lowercase.utf8CodeUnitCount else { return false }
        return self.beginsIgnoringCase(lowercase)
    }

    /// Whether the first bytes are the letters of `lowercase`, in any case.
    func beginsIgnoringCase(_ lowercase: StaticString) -> Bool {
        guard self.count >= lowercase.utf8CodeUnitCount else { return false }
        for index in 0..<lowercase.utf8CodeUnitCount {
            let byte = self[index]
            let lowered = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
            if lowered != lowercase.utf8Start[index] { return false }
        }
        return true
    }

    /// These bytes without blanks and tabs at either end.
    var withoutBlanksAround: UnsafeRawBufferPointer {
        var start = 0
        var end = self.count
        while start < end, self[start].isBlank { start += 1 }
        while end > start, self[end - 1].isBlank { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: self[start..<end])
    }

    /// The value of these bytes as decimal digits and nothing else, if it is below 10^18.
    var decimal: Int? {
        guard self.count > 0, self.count <= 18 else { return nil }
        var value = 0
        for byte in self {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }

    /// The value of these bytes as hexadecimal digits and nothing else, if it is below 2^60.
    var hexadecimal: Int? {
        guard self.count > 0, self.count <= 15 else { return nil }
        var value = 0
        for byte in self {
            guard let digit = byte.hexadecimalValue else { return nil }
            value = value << 4 | Int(digit)
        }
        return value
    }
}

extension UInt8 {
    /// Whether this is a blank or a tab.
    var isBlank: Bool {
        self == 0x20 || self == 0x09
    }

    /// The value of this byte as a hexadecimal digit.
    var hexadecimalValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
