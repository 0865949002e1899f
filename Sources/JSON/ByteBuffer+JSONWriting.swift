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

    /// Writes the bytes of a name as a JSON string. Bytes that are not UTF-8 are repaired.
    package mutating func writeJSONString(_ name: [UInt8]) {
        let isPlain = name.allSatisfy { byte in
            (0x20..<0x80).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
                && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">") && byte != UInt8(ascii: "&")
        }
        guard isPlain else { return writeJSONString(String(decoding: name, as: UTF8.self)) }
        writeInteger(UInt8(ascii: "\""))
        writeBytes(name)
        writeInteger(UInt8(ascii: "\""))
    }

    /// Writes a number in decimal digits, without a `String` in between.
    package mutating func writeDecimal(_ value: UInt64) {
        // 2^64 has twenty digits. They are found from the last to the first, and written at once.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var rest = value
            var start = 20
            repeat {
                start -= 1
                digits.initializeElement(at: start, to: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
                rest /= 10
            } while rest > 0
            writeBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(digits)[start...]))
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
