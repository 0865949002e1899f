/// Lets any number of waiters share the fetches of one read, and never gives a waiter an answer older than itself.
///
/// The first waiter schedules a fetch, which starts at the end of the event loop's turn, so that all requests of that
/// turn share it. A call that arrives after its start waits for the next one.
package struct CoalescingStateMachine<Waiter> {
    private enum State {
        /// Nobody waits. → scheduled
        case idle
        /// A fetch is about to start; calls that arrive share it. → fetching
        case scheduled
        /// A fetch is in progress for `served`; calls that arrive wait for the next one. → scheduled, idle
        case fetching
    }

    package enum JoinAction: Equatable {
        /// The caller of the machine must arrange for `startFetch` to be called.
        case scheduleFetch
        /// Another waiter's fetch will do.
        case wait
    }

    private var state = State.idle
    private var served: [Waiter] = []
    private var gathering: [Waiter] = []

    /// Nobody waits.
    package init() {}

    /// How many wait, for the fetch in progress or for the next.
    package var count: Int {
        served.count + gathering.count
    }

    /// Whether `startFetch` is due.
    package var isScheduled: Bool {
        state == .scheduled
    }

    package mutating func join(_ waiter: Waiter) -> JoinAction {
        gathering.append(waiter)
        guard state == .idle else { return .wait }
        state = .scheduled
        return .scheduleFetch
    }

    /// The request is on its way from here on: those gathered until now are served by it.
    package mutating func startFetch() {
        precondition(state == .scheduled, "a fetch must be scheduled before it starts")
        state = .fetching
        swap(&served, &gathering)
    }

    /// The fetch ended, well or badly. Returns whom it served, and whether the next one must be scheduled.
    ///
    /// The machine is consistent when this returns, so the waiters may join again while they are told.
    package mutating func endFetch() -> (waiters: [Waiter], scheduleNext: Bool) {
        precondition(state == .fetching, "a fetch must have started before it ends")
        var waiters: [Waiter] = []
        swap(&waiters, &served)
        state = gathering.isEmpty ? .idle : .scheduled
        return (waiters, state == .scheduled)
    }

    /// Takes back the array that `endFetch` returned, to use its memory for the next fetch.
    ///
    /// By reference, so that the array has one owner here and is emptied in place.
    package mutating func recycle(_ waiters: inout [Waiter]) {
        guard served.isEmpty, served.capacity < waiters.capacity else { return }
        waiters.removeAll(keepingCapacity: true)
        swap(&served, &waiters)
    }

    /// Gives up: returns all waiting calls, for the fetch in progress and for the next.
    package mutating func abandon() -> [Waiter] {
        let waiters = served + gathering
        self = Self()
        return waiters
    }
}
