import Access

/// What people write for a range of addresses that is no prefix yet.
enum RangeMeant {
    /// What to write instead, in words; nil where nothing can be told.
    package static func expected(for text: String) -> String? {
        if ["*", "any", "all", "0.0.0.0/0,::/0"].contains(text.lowercased()) {
            return "no 'addresses' at all, if the token is good from everywhere"
        }
        if text.lowercased() == "localhost" { return "127.0.0.1 and ::1, as two entries" }
        if let match = text.wholeMatch(
            of: /([0-9]{1,3}(?:\.[0-9]{1,3}){0,2})(?:\.\*)+|([0-9]{1,3}(?:\.[0-9]{1,3}){1,2})\.x/
        ) {
            let parts = (match.1 ?? match.2 ?? "").split(separator: ".")
            let zeros = Array(repeating: "0", count: 4 - parts.count)
            return valid("\((parts.map(String.init) + zeros).joined(separator: "."))/\(8 * parts.count)")
        }
        if let match = text.wholeMatch(of: /([0-9.]+)\/([0-9.]{7,15})/), let mask = IPAddress(match.2), mask.isIPv4 {
            let bits = UInt32(truncatingIfNeeded: mask.low)
            let length = (~bits).leadingZeroBitCount
            return bits.nonzeroBitCount == length ? valid("\(match.1)/\(length)") : nil
        }
        if let match = text.wholeMatch(of: /(?:https?:\/\/)?\[?([0-9a-fA-F.:]+?)\]?(?::[0-9]{1,5})?\/?/),
            IPAddress(match.1) != nil
        {
            return valid(String(match.1))
        }
        if text.contains(/^[0-9a-fA-F.:]+\s*(?:-|–|to|\.\.)\s*[0-9a-fA-F.:]+$/) {
            return "ranges by prefix, such as 192.0.2.0/24, or an entry for each address"
        }
        return nil
    }

    private static func valid(_ text: String) -> String? {
        (try? AddressRange(text)) == nil ? nil : text
    }
}

extension AddressRange.ParsingError {
    /// What was found.
    package var found: String {
        switch self {
        case .noAddress(let text), .noLength(let text, _): "found \(Excerpt.quote(text))"
        case .mixedFamilies(let text): "\(text) mixes IPv4 and IPv6"
        case .bitsBehindPrefix(let text, let length, _, _): "\(text) has bits behind the first \(length)"
        }
    }

    /// What to write instead.
    package var expected: String {
        switch self {
        case .noAddress(let text):
            RangeMeant.expected(for: text)
                ?? "an address or a range of them, such as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32"
        case .noLength(let text, let limit):
            RangeMeant.expected(for: text) ?? "a number from 0 to \(limit) behind the slash"
        case .mixedFamilies: "the range of IPv4 by itself, such as 192.0.2.0/24"
        case .bitsBehindPrefix(_, _, let address, let range):
            "\(range) for the range, or \(address) for the one address"
        }
    }
}
