import NIOCore

/// The one time limit of a connection, and when a timer must check it.
///
/// Moving the limit further away costs nothing: the timer finds it moved when it fires and is set again. So a busy
/// connection touches the event loop's timers about once in an idle timeout, not twice a request.
struct ConnectionDeadline {
    /// What is waited for.
    typealias Wait = HTTP1StateMachine.Wait

    private let timeouts: HTTPTimeouts
    private var wait: Wait?
    private var limit: NIODeadline?
    private var timerFires: NIODeadline?
    private var hasServed = false
    private var isDraining = false

    init(_ timeouts: HTTPTimeouts) {
        self.timeouts = timeouts
    }

    /// The connection waits for this now.
    ///
    /// - Parameter now: asked for if it matters.
    /// - Returns: when to set the timer to, if it has to be set; a timer set before is then of no further use.
    mutating func update(for next: Wait, now: @autoclosure () -> NIODeadline) -> NIODeadline? {
        // A caller that sends one byte now and then must not win time with each.
        if next != wait {
            wait = next
            limit = amount(for: next).map { now() + $0 }
        }
        return timerToSet()
    }

    /// A request was answered. The next one has all its time, even if part of it came together with the one before.
    mutating func answered() {
        hasServed = true
        wait = nil
    }

    /// From now on a request that has not begun has little time to. Call ``update(for:now:)`` after it.
    mutating func drain() {
        isDraining = true
        if wait == .request { wait = nil }
    }

    /// The caller took part of an answer.
    mutating func madeProgress(now: NIODeadline) {
        if wait == .write { limit = now + timeouts.idle }
    }

    /// The timer fired.
    ///
    /// - Returns: whether the limit has passed. Otherwise call ``update(for:now:)`` again.
    mutating func timerFired(now: NIODeadline) -> Bool {
        timerFires = nil
        guard let limit, limit <= now else { return false }
        self.limit = nil
        wait = nil
        return true
    }

    private mutating func timerToSet() -> NIODeadline? {
        guard let limit else { return nil }
        if let timerFires, timerFires <= limit { return nil }
        timerFires = limit
        return limit
    }

    private var timeForFirst: TimeAmount {
        isDraining ? min(timeouts.head, timeouts.drainFirst) : timeouts.head
    }

    private var timeForNext: TimeAmount {
        isDraining ? min(timeouts.idle, timeouts.drainNext) : timeouts.idle
    }

    private func amount(for wait: Wait) -> TimeAmount? {
        switch wait {
        case .request: hasServed ? timeForNext : timeForFirst
        case .head: timeouts.head
        case .body: timeouts.body
        case .answer: nil
        case .write: timeouts.idle
        case .end: timeouts.linger
        }
    }
}
