/// `accessLog`: how each request is written to standard output.
package enum AccessLogSection: RestartedSection {
    /// Nil where requests are not logged.
    package typealias Value = LogFormat?
    package static let key = "accessLog"
    package static let defaultValue: LogFormat?? = .some(.text)

    private static let none = "none"

    /// What nginx, Caddy and Hysteria call the formats.
    private static let meanings = [
        "off": none, "no": none, "false": none, "on": "text", "true": "text", "yes": "text", "combined": "text",
        "common": "text", "console": "text", "plain": "text",
    ]

    package static func read(_ value: YAMLValue, in reader: SectionReader) -> LogFormat?? {
        let words = LogFormat.allCases.map(\.rawValue) + [none]
        guard let word = value.word(among: words, kind: "format", meanings: meanings) else { return nil }
        return .some(LogFormat(rawValue: word))
    }
}

extension Configuration {
    /// How each request is logged; nil where none is.
    package var accessLog: LogFormat? { self[AccessLogSection.self] }
}
