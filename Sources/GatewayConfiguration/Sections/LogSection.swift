/// How lines of a log are written.
package enum LogFormat: String, Sendable, CaseIterable {
    /// A line for people.
    case text
    /// A JSON object a line.
    case json
}

/// `log`: how the gateway's own messages are written to standard error.
package enum LogSection: RestartedSection {
    package typealias Value = LogFormat
    package static let key = "log"
    package static let defaultValue: LogFormat? = .text

    package static func read(_ value: YAMLValue, in reader: SectionReader) -> LogFormat? {
        value.word(among: LogFormat.allCases.map(\.rawValue), kind: "format").flatMap(LogFormat.init(rawValue:))
    }

    /// Whoever reads one of the logs as JSON reads both: they often end up in one stream.
    package static func readAbsent(in reader: SectionReader) -> LogFormat? {
        reader.value(of: AccessLogSection.self) == .json ? .json : defaultValue
    }
}

extension Configuration {
    /// How the gateway's own messages are written.
    package var log: LogFormat { self[LogSection.self] }
}
