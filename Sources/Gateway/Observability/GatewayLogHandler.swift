import Logging
import NIOCore
import Time

/// Hands each message on as one line.
struct GatewayLogHandler: LogHandler {
    let line: LogLine
    let clock: WallClock
    let output: LogOutput

    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]

    init(line: LogLine, clock: WallClock, output: LogOutput) {
        self.line = line
        self.clock = clock
        self.output = output
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata
        if let own = event.metadata { all.merge(own) { $1 } }
        if let error = event.error { all["error"] = "\(error)" }
        let fields = all.sorted { $0.key < $1.key }.map { (key: $0.key, value: "\($0.value)") }
        // If the log is not read, neither is an error about it.
        _ = output.take(line.written(event.level, event.message.description, fields, now: clock.now()))
    }
}
