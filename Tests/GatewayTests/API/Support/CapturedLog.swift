import Logging
import NIOConcurrencyHelpers

/// Keeps what is logged, with all that belongs to it.
final class CapturedLog: Sendable {
    private let kept = NIOLockedValueBox<[String]>([])
    private let stream: AsyncStream<String>
    private let continuation: AsyncStream<String>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    /// A logger that writes here.
    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(log: self) }
        logger.logLevel = .trace
        return logger
    }

    /// Each message so far, with its level before it and its metadata behind it.
    var lines: [String] { kept.withLockedValue { $0 } }

    /// Waits for a message that contains `text`.
    func line(containing text: String) async -> String? {
        for await line in stream where line.contains(text) { return line }
        return nil
    }

    fileprivate func keep(_ line: String) {
        kept.withLockedValue { $0.append(line) }
        continuation.yield(line)
    }

    private struct Handler: LogHandler {
        let log: CapturedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            let fields = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
            log.keep("\(event.level): \(event.message)\(fields)")
        }
    }
}
