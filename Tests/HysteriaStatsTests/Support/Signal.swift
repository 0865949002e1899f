import Synchronization

/// Something that happens once, and that can be waited for.
final class Signal: Sendable {
    private struct State {
        var isSet = false
        var waiting: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    func set() {
        let waiting = self.state.withLock { state in
            defer { state.waiting = [] }
            state.isSet = true
            return state.waiting
        }
        for body in waiting { body() }
    }

    /// Runs code when it has happened, perhaps now.
    func then(_ body: @escaping @Sendable () -> Void) {
        let runsNow = self.state.withLock { state in
            if !state.isSet { state.waiting.append(body) }
            return state.isSet
        }
        if runsNow { body() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            then { continuation.resume() }
        }
    }
}

/// Counts from 1.
final class Counter: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }
}
