import Logging

/// The gateway's own messages: to standard error, one line each, where systemd and containers collect them.
public enum GatewayLog {
    /// A logger that lets messages of `level` and above through.
    public static func logger(level: Logger.Level) -> Logger {
        var logger = Logger(label: "hysteria-gateway") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = level
        return logger
    }
}
