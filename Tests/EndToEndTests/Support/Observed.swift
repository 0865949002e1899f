import Synchronization

/// A value that changes on any thread, and can be waited for to be as a test wants it.
final class Observed<Value: Sendable>: Sendable {
    private struct State {
        var value: Value
        var watchers: [Int: Watcher] = [:]
        var lastWatcher = 0
    }

    private struct Watcher {
        let isSatisfied: @Sendable (Value) -> Bool
        let continuation: CheckedContinuation<Void, Never>
    }

    private let state: Mutex<State>

    init(_ value: Value) {
        state = Mutex(State(value: value))
    }

    /// The value as it is now.
    var value: Value { state.withLock { $0.value } }

    /// Changes the value, and wakes those who waited for what it is now.
    func update(_ change: (inout Value) -> Void) {
        let awake = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            change(&state.value)
            let satisfied = state.watchers.filter { $0.value.isSatisfied(state.value) }
            for number in satisfied.keys { state.watchers[number] = nil }
            return satisfied.values.map(\.continuation)
        }
        for continuation in awake { continuation.resume() }
    }

    /// Waits until `find` finds something in the value, and returns it.
    ///
    /// - Parameter what: What is waited for, for the error of a wait that was in vain.
    func first<Found: Sendable>(_ what: String, _ find: @escaping @Sendable (Value) -> Found?) async throws -> Found {
        try await Deadline.within(what, in: { "\(self.value)" }) {
            await self.wait { find($0) != nil }
            try Task.checkCancellation()
            guard let found = find(self.value) else { throw Deadline.Passed("\(what) was there, and is not any more") }
            return found
        }
    }

    private func wait(until isSatisfied: @escaping @Sendable (Value) -> Bool) async {
        let number = state.withLock { state in
            state.lastWatcher += 1
            return state.lastWatcher
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state in
                    if Task.isCancelled || isSatisfied(state.value) { return true }
                    state.watchers[number] = Watcher(isSatisfied: isSatisfied, continuation: continuation)
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.watchers.removeValue(forKey: number) }?.continuation.resume()
        }
    }
}
