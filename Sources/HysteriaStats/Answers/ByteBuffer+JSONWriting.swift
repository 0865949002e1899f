import NIOCore

extension ByteBuffer {
    /// Writes a JSON string as Go's encoder does: `<`, `>`, `&`, U+2028 and U+2029 are escaped too.
    package mutating func writeJSONString(_ text: String) {
        self.writeInteger(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": self.writeStaticString("\\\"")
            case "\\": self.writeStaticString("\\\\")
            case "\n": self.writeStaticString("\\n")
            case "\r": self.writeStaticString("\\r")
            case "\t": self.writeStaticString("\\t")
            case "\u{8}": self.writeStaticString("\\b")
            case "\u{c}": self.writeStaticString("\\f")
            case "<", ">", "&", "\u{0}"..."\u{1f}", "\u{2028}", "\u{2029}": self.writeUnicodeEscape(scalar.value)
            default: self.writeBytes(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        self.writeInteger(UInt8(ascii: "\""))
    }

    /// Writes a number in decimal digits, without a `String` in between.
    mutating func writeDecimal(_ value: UInt64) {
        var rest = value
        var divisor: UInt64 = 1
        while rest / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            self.writeInteger(UInt8(ascii: "0") + UInt8(rest / divisor))
            rest %= divisor
            divisor /= 10
        }
    }

    private mutating func writeUnicodeEscape(_ value: UInt32) {
        self.writeStaticString("\\u")
        for shift in [12, 8, 4, 0] as [UInt32] {
            let digit = UInt8(value >> shift & 0xf)
            self.writeInteger(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
