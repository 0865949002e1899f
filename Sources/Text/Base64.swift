/// Base64 (RFC 4648, 4) as strict as a credential deserves: one spelling per value.
package enum Base64 {
    /// Decodes into the given room and returns the number of bytes; nil for anything but canonical, padded base64 that
    /// fits.
    ///
    /// Whitespace, missing padding and unused bits are rejected: one token must have one spelling.
    package static func decode(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Int? {
        guard !input.isEmpty, input.count.isMultiple(of: 4) else { return nil }
        var padding = 0
        if input[input.count - 1] == UInt8(ascii: "=") { padding += 1 }
        if padding == 1, input[input.count - 2] == UInt8(ascii: "=") { padding += 1 }
        let length = input.count / 4 * 3 - padding
        guard length <= output.count else { return nil }

        var bits: UInt32 = 0
        var written = 0
        for index in 0..<(input.count - padding) {
            guard let value = value(of: input[index]) else { return nil }
            bits = bits << 6 | value
            guard index & 3 == 3 else { continue }
            output[written] = UInt8(truncatingIfNeeded: bits >> 16)
            output[written + 1] = UInt8(truncatingIfNeeded: bits >> 8)
            output[written + 2] = UInt8(truncatingIfNeeded: bits)
            written += 3
            bits = 0
        }
        switch padding {
        case 1:
            guard bits & 0b11 == 0 else { return nil }
            output[written] = UInt8(truncatingIfNeeded: bits >> 10)
            output[written + 1] = UInt8(truncatingIfNeeded: bits >> 2)
        case 2:
            guard bits & 0b1111 == 0 else { return nil }
            output[written] = UInt8(truncatingIfNeeded: bits >> 4)
        default:
            break
        }
        return length
    }

    /// Encodes with the alphabet for URLs and without padding (RFC 4648, 5).
    package static func encodeForURL(_ bytes: [UInt8]) -> String {
        encode(bytes, lastTwo: "-_")
    }

    /// Encodes with the usual alphabet and with padding (RFC 4648, 4).
    package static func encode(_ bytes: [UInt8]) -> String {
        encode(bytes, lastTwo: "+/") + String(repeating: "=", count: (3 - bytes.count % 3) % 3)
    }

    private static func encode(_ bytes: [UInt8], lastTwo: String) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789\(lastTwo)".utf8)
        var text: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                text.append(alphabet[Int(bits >> UInt32(count) & 63)])
            }
        }
        if count > 0 { text.append(alphabet[Int(bits << UInt32(6 - count) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
