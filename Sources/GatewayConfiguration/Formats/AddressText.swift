/// Addresses as people write them: `:443`, `127.0.0.1:8443`, `[::1]:443`, `host:443`.
struct AddressText: Hashable {
    /// The host without brackets; empty for `:443`.
    package let host: String
    /// The port.
    package let port: Int

    /// Why a text is no address: what to write instead.
    struct ParseError: Error, Hashable {
        package let expected: String
    }

    /// Reads an address; nothing is looked up.
    init(_ text: String) throws(ParseError) {
        guard !text.contains("/") else { throw ParseError(expected: "an address and a port, without a path") }
        guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw ParseError(expected: "an address in visible ASCII")
        }
        let host: Substring
        let digits: Substring
        if text.first == "[" {
            guard let close = text.firstIndex(of: "]") else {
                throw ParseError(expected: "a ']' after the IPv6 address")
            }
            host = text[text.index(after: text.startIndex)..<close]
            guard AddressText.isIPv6(host) else { throw ParseError(expected: "an IPv6 address within the brackets") }
            let rest = text[text.index(after: close)...]
            guard rest.first == ":" else { throw ParseError(expected: "a port behind the bracket") }
            digits = rest.dropFirst()
        } else {
            let colons = text.filter { $0 == ":" }.count
            guard colons > 0 else { throw ParseError(expected: "an address with a port") }
            guard colons == 1, let colon = text.firstIndex(of: ":") else {
                throw ParseError(expected: "an IPv6 address in brackets and in quotes, such as \"[::1]:443\"")
            }
            host = text[..<colon]
            digits = text[text.index(after: colon)...]
        }
        guard !digits.isEmpty, digits.count <= 5, digits.allSatisfy({ $0.isASCII && $0.isWholeNumber }),
            let port = Int(digits), port <= 65_535
        else { throw ParseError(expected: "a port from 0 to 65535 behind the last colon") }
        self.host = String(host)
        self.port = port
    }

    private static func isIPv6(_ text: Substring) -> Bool {
        text.contains(":")
            && text.utf8.allSatisfy { byte in
                byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "%")
                    || Unicode.Scalar(byte).properties.isASCIIHexDigit
            }
    }
}
