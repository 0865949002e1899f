import Logging
import NIOConcurrencyHelpers

/// Keeps what is logged, one line each: level, message and metadata.
struct LogRecorder: LogHandler {
    private let box = NIOLockedValueBox<[String]>([])
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// The lines so far.
    var lines: [String] { box.withLockedValue { $0 } }

    /// The lines so far, which are forgotten.
    func take() -> [String] {
        box.withLockedValue { lines in
            defer { lines = [] }
            return lines
        }
    }

    /// A logger that writes here.
    var logger: Logger { Logger(label: "test") { _ in self } }

    func log(event: LogEvent) {
        let fields = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
        box.withLockedValue { $0.append("\(event.level): \(event.message)\(fields.joined())") }
    }
}
