import Logging
import NIOConcurrencyHelpers

/// A log handler whose level can be changed for all copies of its logger at once.
struct AdjustableLogHandler: LogHandler {
    private var base: any LogHandler
    private let level: NIOLockedValueBox<Logger.Level>

    init(_ base: any LogHandler, level: Logger.Level) {
        self.base = base
        self.base.logLevel = .trace
        self.level = NIOLockedValueBox(level)
    }

    /// The level of every logger that was made of this one.
    var logLevel: Logger.Level {
        get { level.withLockedValue { $0 } }
        nonmutating set { level.withLockedValue { $0 = newValue } }
    }

    var metadata: Logger.Metadata {
        get { base.metadata }
        set { base.metadata = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { base[metadataKey: key] }
        set { base[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) {
        base.log(event: event)
    }
}
