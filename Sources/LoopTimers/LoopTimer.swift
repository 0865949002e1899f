import NIOCore

/// Something that waits for a point in time, for one such point at once.
///
/// It is used on one event loop only.
package protocol LoopTimer: AnyObject {
    /// Belongs to ``LoopTimers``. It begins as ``LoopTimerPosition/unset`` and is changed by nothing else.
    var timerPosition: LoopTimerPosition { get set }

    /// The time has come. The timer is unset by then and may be set again.
    func timerFired(now: NIODeadline)
}
