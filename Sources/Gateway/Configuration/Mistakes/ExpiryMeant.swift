extension ExpiryText {
    /// The date or moment that people write as `2027/1/31`, `31.12.2027`, `20270131` or without seconds; nil where it
    /// could be more than one, as 01/02/2027, or none.
    static func meant(by text: String) -> String? {
        guard let candidate = candidate(text), parse(candidate) != nil else { return nil }
        return candidate
    }

    private static func candidate(_ text: String) -> String? {
        if let match = text.wholeMatch(of: /([0-9]{4})[-\/.年]([0-9]{1,2})[-\/.月]([0-9]{1,2})日?/) {
            return date(match.1, match.2, match.3)
        }
        if let match = text.wholeMatch(of: /([0-9]{4})([0-9]{2})([0-9]{2})/) { return date(match.1, match.2, match.3) }
        // With full stops the day is first everywhere; with slashes that depends on the country.
        if let match = text.wholeMatch(of: /([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})/) {
            return date(match.3, match.2, match.1)
        }
        if let match = text.wholeMatch(of: /([0-9]{1,2})[-\/]([0-9]{1,2})[-\/]([0-9]{4})/) {
            let (first, second) = (Int(match.1) ?? 0, Int(match.2) ?? 0)
            if first > 12 || first == second { return date(match.3, match.2, match.1) }
            if second > 12 { return date(match.3, match.1, match.2) }
            return nil
        }
        if let match = text.wholeMatch(
            of: /([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2})(:[0-9]{2})?\s?([Zz]|UTC|GMT)?/
        ) {
            return "\(match.1)T\(match.2)\(match.3 ?? ":00")Z"
        }
        return nil
    }

    private static func date(_ year: Substring, _ month: Substring, _ day: Substring) -> String {
        func two(_ text: Substring) -> String { text.count == 1 ? "0" + text : String(text) }
        return "\(year)-\(two(month))-\(two(day))"
    }
}
