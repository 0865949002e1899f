/// A URL that an authority named, before anything is sent there or written anywhere.
package enum AuthorityURL {
    /// Longer ones are no authority's.
    private static let lengthLimit = 2048

    /// Whether it is one to send requests to: https, and of such letters that it cannot end a line, a string or a header field.
    package static func isUsable(_ text: String) -> Bool {
        guard text.utf8.count <= lengthLimit, text.hasPrefix("https://") else { return false }
        let rest = text.dropFirst(8)
        let host = rest.prefix { $0 != "/" && $0 != "?" }
        // What stands before an '@' looks like a host and is none.
        guard !host.isEmpty, !host.contains("@"), !host.hasPrefix(":") else { return false }
        return rest.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "#"): false
            default: (0x21...0x7e).contains(byte)
            }
        }
    }

    /// The URL, if it is one to send requests to.
    package static func usable(_ text: String?) -> String? {
        text.flatMap { isUsable($0) ? $0 : nil }
    }
}
