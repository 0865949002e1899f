import Logging

/// The gateway's own messages: to standard error, one line each, where systemd and containers collect them.
public enum GatewayLog {
    /// A logger that lets messages of `level` and above through.
    public static func logger(level: Logger.Level) -> Logger {
        Logger(label: "hysteria-gateway") {
            AdjustableLogHandler(StreamLogHandler.standardError(label: $0), level: level)
        }
    }

    /// Lets messages of another level and above through, for every copy of a logger that ``logger(level:)`` made.
    static func setLevel(_ level: Logger.Level, of logger: Logger) {
        (logger.handler as? AdjustableLogHandler)?.logLevel = level
    }
}
