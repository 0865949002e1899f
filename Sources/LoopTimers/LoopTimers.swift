import NIOCore
import NIOPosix

/// The coarse timers of one event loop: a hashed wheel, as in Varghese and Lauck, "Hashed and Hierarchical Timing Wheels".
///
/// Setting and cancelling one costs a few memory accesses and no allocation, however many there are. The event loop's own
/// timers are a heap that is searched through to cancel one, behind a lock, with a closure and a future for each: dear for
/// limits that every connection has several of and hardly any ever reaches.
///
/// A timer never fires early, and at most ``granularity`` late. The event loop is woken only for slots that hold a timer.
///
/// Not `Sendable`: it is used on its event loop only.
package final class LoopTimers {
    /// How exactly the time is kept: a slot of the wheel.
    package static let granularity = TimeAmount.milliseconds(100)

    /// Reaches 102 seconds ahead. What is further away waits in the last slot and is put forward from there.
    private static let slotCount = 1024

    /// Each thread sees only its own value.
    nonisolated(unsafe) private static let ofThread = ThreadSpecificVariable<LoopTimers>()

    private struct Entry {
        let timer: any LoopTimer
        let deadline: NIODeadline
    }

    private let eventLoop: any EventLoop
    private var slots: [[Entry]] = Array(repeating: [], count: slotCount)
    private var count = 0

    /// The tick, counted from the clock's zero, up to which timers have fired.
    private var tick: Int64

    /// The earliest tick at which there may be something to do.
    private var nextTick = Int64.max
    /// The tick at which the event loop is going to call.
    private var scheduledTick = Int64.max
    private var scheduled: NIOScheduledCallback?
    private var isTurning = false

    /// Timers of their own for an event loop. ``of(_:)`` gives those that all share.
    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        tick = Self.tick(before: eventLoop.now)
    }

    /// The timers of the event loop that this is called on.
    package static func of(_ eventLoop: any EventLoop) -> LoopTimers {
        // Only an event loop for tests shares its thread with another. The user of its timers retains them.
        if let existing = ofThread.currentValue, existing.eventLoop === eventLoop { return existing }
        let new = LoopTimers(eventLoop: eventLoop)
        ofThread.currentValue = new
        return new
    }

    /// Has a timer fire at `deadline`, and not when it was to before. It is held until then, or until it is cancelled.
    package func set(_ timer: some LoopTimer, to deadline: NIODeadline) {
        cancel(timer)
        insert(Entry(timer: timer, deadline: deadline))
        schedule()
    }

    /// Has a timer not fire. Nothing happens to one that is not set.
    package func cancel(_ timer: some LoopTimer) {
        let position = timer.timerPosition
        guard position.isSet else { return }
        let slot = Int(position.slot)
        let last = slots[slot].removeLast()
        if last.timer !== timer {
            slots[slot][Int(position.index)] = last
            last.timer.timerPosition = position
        }
        timer.timerPosition = .unset
        count -= 1
    }

    private func insert(_ entry: Entry) {
        // The wheel does not turn while it is empty.
        if count == 0 { tick = max(tick, Self.tick(before: eventLoop.now)) }
        let due = min(max(Self.tick(notBefore: entry.deadline), tick + 1), tick + Int64(Self.slotCount) - 1)
        let slot = Self.slot(of: due)
        entry.timer.timerPosition = LoopTimerPosition(slot: Int32(slot), index: Int32(slots[slot].count))
        slots[slot].append(entry)
        count += 1
        nextTick = min(nextTick, due)
    }

    // MARK: The event loop's call

    /// Asks the event loop to call for the next timer, unless it is going to anyway.
    private func schedule() {
        guard !isTurning, nextTick < scheduledTick else { return }
        scheduled?.cancel()
        scheduledTick = nextTick
        // Fails only while the event loop shuts down, which closes all that has a time limit.
        scheduled = try? eventLoop.assumeIsolated().scheduleCallback(at: Self.time(of: nextTick), handler: self)
    }

    private func turn(to now: NIODeadline) {
        let target = Self.tick(before: now)
        while tick < target, count > 0 {
            tick += 1
            fire(Self.slot(of: tick), now)
        }
        tick = max(tick, target)
    }

    private func fire(_ slot: Int, _ now: NIODeadline) {
        // What a timer that fires does to others is found here, as one is taken out at a time. None can come into this
        // slot: it is the one furthest away from now on, and not used for that.
        while let entry = slots[slot].popLast() {
            entry.timer.timerPosition = .unset
            count -= 1
            if entry.deadline <= now {
                entry.timer.timerFired(now: now)
            } else {
                insert(entry)
            }
        }
    }

    private func findNextTick() -> Int64 {
        guard count > 0 else { return .max }
        var next = tick + 1
        while slots[Self.slot(of: next)].isEmpty { next += 1 }
        return next
    }

    // MARK: Ticks

    private static func tick(before time: NIODeadline) -> Int64 {
        Int64(time.uptimeNanoseconds / UInt64(granularity.nanoseconds))
    }

    private static func tick(notBefore time: NIODeadline) -> Int64 {
        let (quotient, rest) = time.uptimeNanoseconds.quotientAndRemainder(
            dividingBy: UInt64(granularity.nanoseconds)
        )
        return Int64(quotient) + (rest > 0 ? 1 : 0)
    }

    private static func time(of tick: Int64) -> NIODeadline {
        .uptimeNanoseconds(UInt64(tick) * UInt64(granularity.nanoseconds))
    }

    private static func slot(of tick: Int64) -> Int {
        Int(tick & Int64(slotCount - 1))
    }
}

extension LoopTimers: NIOScheduledCallbackHandler {
    /// The event loop calls. Not for others to call.
    package func handleScheduledCallback(eventLoop: some EventLoop) {
        scheduled = nil
        scheduledTick = .max
        isTurning = true
        turn(to: eventLoop.now)
        isTurning = false
        nextTick = findNextTick()
        schedule()
    }
}

@available(*, unavailable)
extension LoopTimers: Sendable {}

/// Something that waits for a point in time, for one such point at once.
///
/// It is used on one event loop only.
package protocol LoopTimer: AnyObject {
    /// Belongs to ``LoopTimers``. It begins as ``LoopTimerPosition/unset`` and is changed by nothing else.
    var timerPosition: LoopTimerPosition { get set }

    /// The time has come. The timer is unset by then and may be set again.
    func timerFired(now: NIODeadline)
}

/// Where a timer stands among those of its event loop, so that it is found without a search.
package struct LoopTimerPosition: Sendable {
    /// Not set.
    package static let unset = LoopTimerPosition(slot: -1, index: -1)

    var slot: Int32
    var index: Int32

    /// Whether the timer is set.
    package var isSet: Bool { slot >= 0 }
}
