import NIOCore

/// A connection with more to send than goes out in one turn of its event loop.
protocol OutputWaiter: AnyObject {
    /// It may send again.
    func outputMayGoOn()
}

/// How much of large answers goes out in one turn of an event loop.
///
/// A socket that empties as fast as it is filled, to a caller on the same machine for one, would have a connection encrypt all of
/// its answer in one piece. After so many bytes the connections take turns, and everybody else is served in between.
///
/// Not `Sendable`: it is used on its event loop only.
final class OutputTurns {
    /// What may go out before others are served, in bytes: about a millisecond.
    static let size = 512 * 1024
    /// A task that is due at once would be done in the same turn.
    private static let pause = TimeAmount.microseconds(100)

    private let eventLoop: any EventLoop
    private var left = OutputTurns.size
    private var waiting = CircularBuffer<any OutputWaiter>()
    private var isScheduled = false
    private var isRenewing = false

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Whether another piece may go out now.
    var isOpen: Bool { left > 0 }

    /// A piece has gone out.
    func sent(_ bytes: Int) {
        left -= bytes
        guard left < Self.size / 2, !isRenewing else { return }
        isRenewing = true
        // After what has arrived in this turn: what went out before it must not be held against the next one.
        eventLoop.assumeIsolated().execute { [self] in
            isRenewing = false
            if !isScheduled { left = Self.size }
        }
    }

    /// Tells a connection when it may go on. It must not wait already.
    func wait(_ waiter: any OutputWaiter) {
        waiting.append(waiter)
        schedule()
    }

    private func schedule() {
        guard !isScheduled else { return }
        isScheduled = true
        eventLoop.assumeIsolated().scheduleTask(in: Self.pause) { [self] in begin() }
    }

    private func begin() {
        isScheduled = false
        left = Self.size
        // Who is not reached stays before those who have had their turn.
        while isOpen, let waiter = waiting.popFirst() { waiter.outputMayGoOn() }
        if !waiting.isEmpty { schedule() }
    }
}
