import Logging

/// `logLevel`: from which level on the gateway's own messages are logged.
package enum LogLevelSection: ReloadedSection {
    package typealias Value = Logger.Level
    package static let key = "logLevel"
    package static let defaultValue: Logger.Level? = .info

    /// What nginx, Caddy and Hysteria call the levels.
    private static let meanings = [
        "warn": "warning", "err": "error", "crit": "critical", "fatal": "critical", "emerg": "critical",
        "alert": "critical", "verbose": "debug", "all": "trace", "off": "critical", "none": "critical",
        "quiet": "error",
    ]

    package static func read(_ value: YAMLValue, in reader: SectionReader) -> Logger.Level? {
        value.word(among: Logger.Level.allCases.map(\.rawValue), kind: "level", meanings: meanings)
            .flatMap(Logger.Level.init(rawValue:))
    }
}

extension Configuration {
    /// From which level on the gateway's own messages are logged.
    package var logLevel: Logger.Level { self[LogLevelSection.self] }
}
