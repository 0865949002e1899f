import Glibc
import HysteriaStats

/// The machine's own time.
package enum SystemClock {
    /// Nanoseconds since 1970.
    @Sendable package static func nanosecondsSince1970() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
