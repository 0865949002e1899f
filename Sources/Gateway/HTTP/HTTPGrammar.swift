/// Character classes of RFC 9110, section 5.6, and RFC 3986.
enum HTTPGrammar {
    /// `tchar`: what methods and field names are made of. Two words hold one bit for each ASCII character.
    @inline(__always)
    static func isToken(_ byte: UInt8) -> Bool {
        // ! # $ % & ' * + - . 0-9 | A-Z ^ _ ` a-z | ~
        if byte < 64 { return (0x03FF_6CFA_0000_0000 as UInt64) >> UInt64(byte) & 1 == 1 }
        if byte < 128 { return (0x57FF_FFFF_C7FF_FFFE as UInt64) >> UInt64(byte &- 64) & 1 == 1 }
        return false
    }

    /// `field-vchar`, SP and HTAB: what a field value may contain. obs-text (0x80 and above) is opaque data.
    @inline(__always)
    static func isFieldValue(_ byte: UInt8) -> Bool {
        byte >= 0x20 ? byte != 0x7F : byte == 0x09
    }

    /// What may stand in a request target: visible ASCII but `#`, since a fragment is never sent.
    @inline(__always)
    static func isTarget(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "#")
    }

    /// `unreserved` and `sub-delims`: what a name of a host is made of, besides percent-encoded bytes.
    @inline(__always)
    static func isHostName(_ byte: UInt8) -> Bool {
        // ! $ & ' ( ) * + - . 0-9 = | A-Z _ a-z ~; without the comma and the semicolon, by which lists are told apart.
        if byte < 64 { return (0x23FF_6FD2_0000_0000 as UInt64) >> UInt64(byte) & 1 == 1 }
        if byte < 128 { return (0x47FF_FFFE_87FF_FFFE as UInt64) >> UInt64(byte &- 64) & 1 == 1 }
        return false
    }

    /// The value of a hexadecimal digit.
    @inline(__always)
    static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- UInt8(ascii: "a") &+ 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- UInt8(ascii: "A") &+ 10
        default: nil
        }
    }

    /// Whether a field with this name says where a message or its connection ends.
    static func isFraming(_ name: UnsafeRawBufferPointer) -> Bool {
        equals(name, caseInsensitive: "content-length") || equals(name, caseInsensitive: "transfer-encoding")
            || equals(name, caseInsensitive: "connection")
    }

    /// Whether `bytes` spell `text`.
    @inline(__always)
    static func equals(_ bytes: UnsafeRawBufferPointer, _ text: StaticString) -> Bool {
        guard bytes.count == text.utf8CodeUnitCount else { return false }
        for index in 0..<bytes.count where bytes[index] != text.utf8Start[index] { return false }
        return true
    }

    /// Whether `bytes` spell `lowercased`, which is ASCII in lower case, in any case.
    @inline(__always)
    static func equals(_ bytes: UnsafeRawBufferPointer, caseInsensitive lowercased: StaticString) -> Bool {
        guard bytes.count == lowercased.utf8CodeUnitCount else { return false }
        for index in 0..<bytes.count {
            let byte = bytes[index]
            let lower = byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
            if lower != lowercased.utf8Start[index] { return false }
        }
        return true
    }
}
