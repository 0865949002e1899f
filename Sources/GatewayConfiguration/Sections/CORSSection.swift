/// The sites whose pages may read what the gateway answers (CORS): none, unless the operator names them.
package struct AllowedOrigins: Sendable, Hashable {
    /// Whether pages of every site may.
    package private(set) var any = false
    /// The origins whose pages may, as browsers write them.
    package private(set) var named: [String] = []

    /// No site at all.
    package static let none = AllowedOrigins()
    /// Every site.
    package static let all: AllowedOrigins = {
        var origins = AllowedOrigins()
        origins.any = true
        return origins
    }()

    /// The sites with these origins, which ``OriginText`` has found to be written as browsers do.
    package init(_ named: [String] = []) {
        self.named = named
    }

    /// Whether anything is to be said to browsers of other sites.
    package var isEmpty: Bool { !any && named.isEmpty }

    /// The origin with this spelling, if it is named. Origins are compared as they are: there is one spelling of each.
    package func origin(_ bytes: UnsafeRawBufferPointer) -> String? {
        named.first { $0.utf8.elementsEqual(bytes) }
    }
}

/// `cors`: the sites whose pages may read answers.
package enum CORSSection: ReloadedSection {
    package typealias Value = AllowedOrigins
    package static let key = "cors"
    package static let defaultValue: AllowedOrigins? = AllowedOrigins.none

    private static let expected = "the origin of a site, such as https://panel.example or http://localhost:3000"

    package static func read(_ value: YAMLValue, in reader: SectionReader) -> AllowedOrigins? {
        guard
            let values = value.list(
                of: "origins",
                example: "[\"https://panel.example\"]",
                accepts: { $0.contains("://") }
            )
        else { return nil }
        var named: [String] = []
        for value in values {
            guard let text = value.text(expected: expected) else { continue }
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

    private static func isOrigin(_ text: String, _ value: YAMLValue) -> Bool {
        do throws(OriginText.ParseError) {
            try OriginText.check(text)
            return true
        } catch {
            if let meant = error.meant {
                value.fail("found \(Excerpt.quote(text))", expected: "'\(meant)', as browsers write it")
            } else if text == "null" {
                value.fail("'null' is every page that hides where it is from", expected: expected)
            } else {
                value.fail("found \(Excerpt.quote(text))", expected: expected)
            }
            return false
        }
    }
}

extension Configuration {
    /// The sites whose pages may read answers.
    package var origins: AllowedOrigins { self[CORSSection.self] }
}
