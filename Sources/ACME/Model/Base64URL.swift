import Text

/// Base64 with the alphabet for URLs and without padding (RFC 4648, 5; RFC 8555, 6.1).
package enum Base64URL {
    package static func encode(_ bytes: [UInt8]) -> String {
        Base64.encodeForURL(bytes)
    }

    package static func encode(_ text: String) -> String {
        Base64.encodeForURL(Array(text.utf8))
    }

    /// Whether a text consists of letters of the alphabet: a nonce or a token that does not is not to be used (RFC 8555, 6.5.1).
    package static func isValid(_ text: String, upTo limit: Int) -> Bool {
        (1...limit).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    /// What an operator was given as the key of an external account: either alphabet, with or without padding; nil for anything else.
    package static func decodeKey(_ text: String) -> [UInt8]? {
        var letters = text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "-"): UInt8(ascii: "+")
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            default: byte
            }
        }
        while letters.last == UInt8(ascii: "=") { letters.removeLast() }
        while !letters.count.isMultiple(of: 4) { letters.append(UInt8(ascii: "=")) }
        var bytes = [UInt8](repeating: 0, count: letters.count / 4 * 3)
        let count = letters.withUnsafeBytes { input in
            bytes.withUnsafeMutableBytes { Base64.decode(input, into: $0) }
        }
        return count.map { Array(bytes.prefix($0)) }
    }
}
