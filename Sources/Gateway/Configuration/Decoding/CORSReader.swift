/// Reads `cors`.
struct CORSReader {
    private static let expected = "the origin of a site, such as https://panel.example or http://localhost:3000"

    private static func isURL(_ text: String) -> Bool { text.contains("://") }

    private let top: YAMLMapping

    init(_ top: YAMLMapping) {
        self.top = top
    }

    /// The origins, none where nothing is said; nil, and problems noted, where one of them cannot be used.
    func read() -> AllowedOrigins? {
        guard let value = top["cors"] else { return AllowedOrigins.none }
        guard let values = value.list(of: "origins", example: "[\"https://panel.example\"]", accepts: Self.isURL) else {
            return nil
        }
        var named: [String] = []
        for value in values {
            guard let text = value.text(expected: Self.expected) else { continue }
            if text == "*" {
                if values.count == 1 { return .all }
                value.fail("'*' is every origin", expected: "'*' alone, or the origins that are meant")
            } else if named.contains(text) {
                value.fail("\(Excerpt.quote(text)) is given more than once", expected: "each origin once")
            } else if isOrigin(text, value) {
                named.append(text)
            }
        }
        return named.count == values.count ? AllowedOrigins(named) : nil
    }

    private func isOrigin(_ text: String, _ value: YAMLValue) -> Bool {
        do throws(OriginText.Mistake) {
            try OriginText.check(text)
            return true
        } catch {
            if let meant = error.meant {
                value.fail("found \(Excerpt.quote(text))", expected: "'\(meant)', as browsers write it")
            } else if text == "null" {
                value.fail("'null' is every page that hides where it is from", expected: Self.expected)
            } else {
                value.fail("found \(Excerpt.quote(text))", expected: Self.expected)
            }
            return false
        }
    }
}
