import Text

/// Makes JSON out of what is only almost YAML.
///
/// JSON writers escape characters beyond U+FFFF as pairs of surrogates, which YAML readers refuse.
enum JSONSurrogates {
    /// The text with such pairs replaced by their characters, if it is a JSON object; otherwise the text.
    static func decoded(in text: String) -> String {
        guard text.utf8.first(where: { !$0.isJSONSpace }) == UInt8(ascii: "{") else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\\"), let scalar = Self.pair(bytes, at: index) {
                result.append(contentsOf: Array(String(scalar).utf8))
                index += 12
            } else if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count {
                // An escaped backslash must not begin an escape of its own.
                result.append(contentsOf: bytes[index...index + 1])
                index += 2
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func pair(_ bytes: [UInt8], at index: Int) -> Unicode.Scalar? {
        guard let high = Self.escape(bytes, at: index), (0xd800..<0xdc00).contains(high),
            let low = Self.escape(bytes, at: index + 6), (0xdc00..<0xe000).contains(low)
        else { return nil }
        return Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00))
    }

    /// The value of `\uXXXX` at an index.
    private static func escape(_ bytes: [UInt8], at index: Int) -> UInt32? {
        guard index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var value: UInt32 = 0
        for byte in bytes[index + 2..<index + 6] {
            guard let digit = byte.hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
