import Glibc
import HysteriaStats
import Time

/// A moment in UTC, written as Go writes it.
struct SimulatorTime {
    private let moment: CivilTime
    private let nanoseconds: Int64

    init(nanosecondsSince1970 nanoseconds: Int64) {
        let seconds = (nanoseconds >= 0 ? nanoseconds : nanoseconds - 999_999_999) / 1_000_000_000
        self.nanoseconds = nanoseconds - seconds * 1_000_000_000
        moment = CivilTime(seconds)
    }

    /// As in the `Date` header.
    var httpDate: String { moment.httpText }

    /// As in the fields of a stream: RFC 3339 with as many digits of a second as there are.
    var rfc3339: String {
        guard nanoseconds > 0 else { return moment.internetText }
        var fraction = nanoseconds.padded(to: 9)
        while fraction.hasSuffix("0") { fraction.removeLast() }
        return "\(moment.internetText.dropLast()).\(fraction)Z"
    }
}

/// A span of time as Go prints it, rounded as Hysteria's table does: `250ms`, `1m30.5s`, `1h0m3s`.
struct SimulatorDuration: CustomStringConvertible {
    let description: String

    init(nanoseconds: Int64) {
        let isShort = nanoseconds < 600_000_000_000
        let unit: Int64 = isShort ? 1_000_000 : 1_000_000_000
        let milliseconds = max(0, nanoseconds + unit / 2) / unit * (unit / 1_000_000)
        guard milliseconds >= 1000 else {
            description = milliseconds == 0 ? "0s" : "\(milliseconds)ms"
            return
        }
        let seconds = milliseconds / 1000
        var fraction = milliseconds % 1000 == 0 ? "" : ".\((milliseconds % 1000).padded(to: 3))"
        while fraction.hasSuffix("0") { fraction.removeLast() }
        let minutes = seconds / 60
        let hours = minutes > 0 ? (minutes >= 60 ? "\(minutes / 60)h" : "") + "\(minutes % 60)m" : ""
        description = "\(hours)\(seconds % 60)\(fraction)s"
    }
}

/// The machine's own time.
package enum SystemClock {
    /// Nanoseconds since 1970.
    @Sendable package static func nanosecondsSince1970() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
