import CLinux
import Glibc
import Ledger

/// The clocks that the ledger is told the time by.
struct LedgerClock: Sendable {
    private let read: @Sendable () -> LedgerTime
    /// Whether the kernel says that the wall clock is synchronised.
    let isSynchronized: @Sendable () -> Bool

    /// Clocks that a test holds.
    init(isSynchronized: @escaping @Sendable () -> Bool = { true }, _ read: @escaping @Sendable () -> LedgerTime) {
        self.read = read
        self.isSynchronized = isSynchronized
    }

    func now() -> LedgerTime { read() }

    /// The machine's clocks.
    static func system() -> LedgerClock {
        let boot = HysteriaMark.bootID.flatMap { UInt64($0.filter { $0 != "-" }.prefix(16), radix: 16) } ?? 0
        return LedgerClock(isSynchronized: { isKernelSynchronized() }) {
            LedgerTime(wall: milliseconds(CLOCK_REALTIME), boot: milliseconds(CLOCK_BOOTTIME), bootID: boot)
        }
    }

    private static func milliseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// adjtimex(2): TIME_ERROR is a clock that nobody keeps.
    private static func isKernelSynchronized() -> Bool {
        var state = timex()
        return adjtimex(&state) != CInt(TIME_ERROR)
    }
}
