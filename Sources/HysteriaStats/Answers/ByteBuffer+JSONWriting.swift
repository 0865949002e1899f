import NIOCore

extension ByteBuffer {
    /// Writes a JSON string as Go's encoder does: `<`, `>`, `&`, U+2028 and U+2029 are escaped too.
    package mutating func writeJSONString(_ text: String) {
        var text = text
        writeInteger(UInt8(ascii: "\""))
        text.withUTF8 { bytes in
            var plainStart = 0
            var index = 0
            while index < bytes.count {
                let length = Self.lengthToEscape(bytes, at: index)
                if length > 0 {
                    writeBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[plainStart..<index]))
                    writeEscape(bytes[index], last: bytes[index + length - 1])
                    plainStart = index + length
                }
                index += max(1, length)
            }
            writeBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[plainStart...]))
        }
        writeInteger(UInt8(ascii: "\""))
    }

    /// How many bytes from here on are one character that must be escaped; 0 if none must.
    private static func lengthToEscape(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        switch bytes[index] {
        case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"):
            return 1
        case 0xe2:
            // U+2028 and U+2029 are E2 80 A8 and E2 80 A9.
            return bytes[index + 1] == 0x80 && bytes[index + 2] | 1 == 0xa9 ? 3 : 0
        default:
            return 0
        }
    }

    private mutating func writeEscape(_ byte: UInt8, last: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): writeStaticString("\\\"")
        case UInt8(ascii: "\\"): writeStaticString("\\\\")
        case 0x0a: writeStaticString("\\n")
        case 0x0d: writeStaticString("\\r")
        case 0x09: writeStaticString("\\t")
        case 0x08: writeStaticString("\\b")
        case 0x0c: writeStaticString("\\f")
        case 0xe2: writeUnicodeEscape(0x2000 | UInt32(last & 0x2f))
        default: writeUnicodeEscape(UInt32(byte))
        }
    }

    /// Writes a number in decimal digits, without a `String` in between.
    mutating func writeDecimal(_ value: UInt64) {
        var rest = value
        var divisor: UInt64 = 1
        while rest / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            writeInteger(UInt8(ascii: "0") + UInt8(rest / divisor))
            rest %= divisor
            divisor /= 10
        }
    }

    private mutating func writeUnicodeEscape(_ value: UInt32) {
        writeStaticString("\\u")
        for shift in [12, 8, 4, 0] as [UInt32] {
            let digit = UInt8(value >> shift & 0xf)
            writeInteger(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
