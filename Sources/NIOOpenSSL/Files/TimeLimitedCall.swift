import NIOConcurrencyHelpers
import NIOCore

/// Does on a thread of its own what a file system may never answer, such as a network share whose server is gone, and waits for
/// it for some time only.
///
/// Nothing can be done about a thread that waits in the kernel: it is left behind until its answer comes. A few of them are
/// enough to know that it makes no sense to try.
package final class TimeLimitedCall: Sendable {
    /// What all files are read by.
    private static let shared = TimeLimitedCall(limit: .seconds(3), abandonedLimit: 8)

    private let limit: TimeAmount
    private let abandonedLimit: Int
    private let abandoned = NIOLockedValueBox(0)

    /// - Parameters:
    ///   - limit: How long an answer is waited for.
    ///   - abandonedLimit: The most calls that are left behind at a time.
    init(limit: TimeAmount, abandonedLimit: Int) {
        self.limit = limit
        self.abandonedLimit = abandonedLimit
    }

    /// The result of `body`, or `nil` if it did not come in time.
    package static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value? {
        shared.run(body)
    }

    func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value? {
        guard abandoned.withLockedValue({ $0 < abandonedLimit }) else { return nil }
        let call = Call(body, abandoned)
        guard DetachedThread.start({ call.perform() }) else {
            // Without another thread, waiting is all there is.
            return body()
        }
        return call.wait(limit)
    }

    /// A call in progress, and who waits for it.
    private final class Call<Value: Sendable>: Sendable {
        private enum State: Sendable {
            case underWay
            case done(Value)
            case abandoned
        }

        private let body: @Sendable () -> Value
        private let abandoned: NIOLockedValueBox<Int>
        private let state = NIOLockedValueBox(State.underWay)
        private let isDone = ConditionLock(value: false)

        init(_ body: @escaping @Sendable () -> Value, _ abandoned: NIOLockedValueBox<Int>) {
            self.body = body
            self.abandoned = abandoned
        }

        func perform() {
            let value = body()
            let wasAbandoned = state.withLockedValue { state in
                if case .abandoned = state { return true }
                state = .done(value)
                return false
            }
            if wasAbandoned { abandoned.withLockedValue { $0 -= 1 } }
            isDone.lock()
            isDone.unlock(withValue: true)
        }

        func wait(_ limit: TimeAmount) -> Value? {
            if isDone.lock(whenValue: true, timeoutSeconds: Double(limit.nanoseconds) / 1_000_000_000) {
                isDone.unlock()
            }
            return state.withLockedValue { state in
                if case .done(let value) = state { return value }
                state = .abandoned
                abandoned.withLockedValue { $0 += 1 }
                return nil
            }
        }
    }
}
