import GatewayConfiguration
import JSON
import Logging
import NIOCore
import Time

/// Writes a line of the gateway's own log: the message first, then what belongs to it.
struct LogLine {
    private static let reserved: Set = ["time", "level", "message"]

    let format: LogFormat
    /// Whether the journal reads it, which wants the priority at the start and has the time itself.
    let isForJournal: Bool

    /// The whole line, with its end.
    ///
    /// - Parameter now: seconds since 1970.
    func written(
        _ level: Logger.Level,
        _ message: String,
        _ metadata: [(key: String, value: String)],
        now: Int64
    ) -> ByteBuffer {
        var line = ByteBuffer()
        if isForJournal { line.writeString("<\(level.syslogSeverity)>") }
        switch format {
        case .text: writeText(level, message, metadata, now, into: &line)
        case .json: writeJSON(level, message, metadata, now, into: &line)
        }
        line.writeStaticString("\n")
        return line
    }

    private func writeText(
        _ level: Logger.Level,
        _ message: String,
        _ metadata: [(key: String, value: String)],
        _ now: Int64,
        into line: inout ByteBuffer
    ) {
        if !isForJournal { line.writeString("\(CivilTime(now).internetText) \(level) hysteria-gateway: ") }
        line.writeString(LogText.escaped(message))
        for (key, value) in metadata { line.writeString(" \(LogText.escaped(key))=\(LogText.value(value))") }
    }

    private func writeJSON(
        _ level: Logger.Level,
        _ message: String,
        _ metadata: [(key: String, value: String)],
        _ now: Int64,
        into line: inout ByteBuffer
    ) {
        line.writeString(#"{"time":"\#(CivilTime(now).internetText)","level":"\#(level)","message":"#)
        line.writeJSONString(message)
        for (key, value) in metadata {
            line.writeStaticString(",")
            line.writeJSONString(Self.reserved.contains(key) ? "\(key)_" : key)
            line.writeStaticString(":")
            line.writeJSONString(value)
        }
        line.writeStaticString("}")
    }
}

extension Logger.Level {
    /// The severity of RFC 5424, section 6.2.1.
    fileprivate var syslogSeverity: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
