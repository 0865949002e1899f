import Glibc
import NIOCore
import NIOPosix

/// Measures how long the turns of event loops take: for so long nobody else is served by the loop.
///
/// In processor time, so that a machine that is busy with other things does not look like a gateway that is. It is read at the end of
/// a turn, and twice in a millisecond at most: to ask the kernel for it costs more than most turns. Turns in between are
/// counted with the next one, so that what is told is too long by half a millisecond at most.
struct LoopTurnMeter: Sendable {
    /// What was measured since the last time.
    struct Figures: Sendable, Equatable {
        /// The longest turn, in nanoseconds.
        var longest: Int64 = 0
        /// How many took longer than ``LoopTurnMeter/limit``, ever.
        var long: UInt64 = 0

        /// Adds those of another event loop.
        mutating func add(_ other: Figures) {
            longest = max(longest, other.longest)
            long += other.long
        }
    }

    /// What no turn is to take, in nanoseconds.
    static let limit: Int64 = 5_000_000
    private static let pause = TimeAmount.microseconds(500)

    private var figures = Figures()
    private var last: (moment: NIODeadline, processorTime: Int64)?

    /// A turn has ended.
    ///
    /// - Parameter processorTime: reads the processor time of the event loop's thread, in nanoseconds.
    mutating func turnEnded(at moment: NIODeadline, processorTime: () -> Int64) {
        if let last, moment - last.moment < Self.pause { return }
        let time = processorTime()
        if let last {
            let turn = time - last.processorTime
            figures.longest = max(figures.longest, turn)
            if turn > Self.limit { figures.long += 1 }
        }
        last = (moment, time)
    }

    /// What was measured; the longest turn is measured anew from here on.
    mutating func take() -> Figures {
        defer { figures.longest = 0 }
        return figures
    }
}

/// Measures the turns of the event loops that it is given to.
struct LoopTurns: NIOEventLoopMetricsDelegate {
    private final class Meter {
        var value = LoopTurnMeter()
    }

    /// Each thread sees only its own value.
    nonisolated(unsafe) private static let ofThread = ThreadSpecificVariable<Meter>()

    func processedTick(info: NIOEventLoopTickInfo) {
        Self.current.value.turnEnded(at: info.endTime) {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
        }
    }

    /// What was measured of the event loop that this is called on.
    static func take() -> LoopTurnMeter.Figures { current.value.take() }

    private static var current: Meter {
        if let meter = ofThread.currentValue { return meter }
        let meter = Meter()
        ofThread.currentValue = meter
        return meter
    }
}
