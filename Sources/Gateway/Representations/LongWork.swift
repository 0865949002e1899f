import NIOCore
import NIOPosix

/// Does on other threads what would take longer than a turn of an event loop may.
///
/// Not `Sendable`: one per event loop.
final class LongWork {
    /// How much may be in progress for one event loop. Who comes then does without it.
    private static let limit = 8

    /// One thread, so that whatever callers ask for, no more than one processor is busy with it.
    private static let thread = {
        let thread = NIOThreadPool(numberOfThreads: 1)
        thread.start()
        return thread
    }()

    private let eventLoop: any EventLoop
    private var inProgress = 0

    init(on eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Does it.
    ///
    /// - Parameter whenDone: called once, on the event loop, with what was made; nil where there was too much to do. That may
    ///   be before this returns.
    func run<Value: Sendable>(_ make: @escaping @Sendable () -> Value, whenDone: @escaping (Value?) -> Void) {
        guard inProgress < Self.limit else { return whenDone(nil) }
        inProgress += 1
        Self.thread.runIfActive(eventLoop: eventLoop, make).assumeIsolated().whenComplete { [self] result in
            inProgress -= 1
            whenDone(try? result.get())
        }
    }
}
