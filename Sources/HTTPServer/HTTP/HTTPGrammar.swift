import Text

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

    /// What may occur in a request target: visible ASCII but `#`, since a fragment is never sent.
    @inline(__always)
    static func isTarget(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "#")
    }

    /// `unreserved` and `sub-delims`: what a name of a host is made of, besides percent-encoded bytes.
    @inline(__always)
    static func isHostName(_ byte: UInt8) -> Bool {
        // ! $ & ' ( ) * + - . 0-9 = | A-Z _ a-z ~; without the comma and the semicolon, which separate lists.
        if byte < 64 { return (0x23FF_6FD2_0000_0000 as UInt64) >> UInt64(byte) & 1 == 1 }
        if byte < 128 { return (0x47FF_FFFE_87FF_FFFE as UInt64) >> UInt64(byte &- 64) & 1 == 1 }
        return false
    }

    /// Whether a field with this name says where a message or its connection ends.
    static func isFraming(_ name: UnsafeRawBufferPointer) -> Bool {
        name.equalsIgnoringCase("content-length") || name.equalsIgnoringCase("transfer-encoding")
            || name.equalsIgnoringCase("connection")
    }
}
