import NIOCore
import NIOOpenSSL

/// Does on a thread of its own what may block for long, such as a question to DNS, and waits for some time only.
///
/// The thread cannot be ended. It ends by itself when the system's own time limit has passed.
enum TimeLimitedAnswer {
    /// What `body` returns; nil if it takes longer, or if the task is cancelled.
    static func of<Value: Sendable>(
        within limit: TimeAmount,
        _ body: @escaping @Sendable () -> Value
    ) async -> Value? {
        let (answers, continuation) = AsyncStream.makeStream(of: Value?.self)
        let isStarted = DetachedThread.start {
            continuation.yield(body())
            continuation.finish()
        }
        guard isStarted else { return nil }
        let timer = Task {
            try? await Task.sleep(for: .nanoseconds(limit.nanoseconds))
            continuation.finish()
        }
        defer { timer.cancel() }
        for await answer in answers { return answer }
        return nil
    }
}
