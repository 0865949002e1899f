import GatewayConfiguration
import Logging
import Time

/// The gateway's own messages: to standard error, one line each, where systemd and containers collect them.
package enum GatewayLog {
    /// A logger for messages of `level` and above.
    ///
    /// - Parameter isForJournal: Whether systemd's journal reads the lines.
    package static func logger(
        level: Logger.Level,
        format: LogFormat = .text,
        isForJournal: Bool = JournalStream.isStandardError,
        clock: WallClock = .system,
        output: LogOutput = .standardError
    ) -> Logger {
        let line = LogLine(format: format, isForJournal: isForJournal)
        return Logger(label: "hysteria-gateway") { _ in
            AdjustableLogHandler(GatewayLogHandler(line: line, clock: clock, output: output), level: level)
        }
    }

    /// Changes the level for every copy of a logger that ``logger(level:format:isForJournal:clock:output:)`` made.
    static func setLevel(_ level: Logger.Level, of logger: Logger) {
        (logger.handler as? AdjustableLogHandler)?.logLevel = level
    }
}
