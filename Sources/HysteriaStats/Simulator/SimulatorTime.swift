/// A moment in UTC, written as Go writes it.
struct SimulatorTime {
    private let nanoseconds: Int64
    private let year: Int64
    private let month: Int64
    private let day: Int64
    private let weekday: Int64
    private let secondOfDay: Int64

    init(nanosecondsSince1970 nanoseconds: Int64) {
        let seconds = nanoseconds.flooredQuotient(by: 1_000_000_000)
        self.nanoseconds = nanoseconds - seconds * 1_000_000_000
        let days = seconds.flooredQuotient(by: 86_400)
        self.secondOfDay = seconds - days * 86_400
        self.weekday = (days + 4) - (days + 4).flooredQuotient(by: 7) * 7
        // Days are counted from 1 March of year 0, so that the leap day ends a year, in cycles of 400 years.
        let shifted = days + 719_468
        let cycle = shifted.flooredQuotient(by: 146_097)
        let dayOfCycle = shifted - cycle * 146_097
        let yearOfCycle = (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
        let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        self.day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        self.month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        self.year = yearOfCycle + cycle * 400 + (self.month <= 2 ? 1 : 0)
    }

    /// As in the `Date` header.
    var httpDate: String {
        let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let date = "\(self.day.padded(to: 2)) \(months[Int(self.month) - 1]) \(self.year.padded(to: 4))"
        return "\(weekdays[Int(self.weekday)]), \(date) \(self.time) GMT"
    }

    /// As in the fields of a stream: RFC 3339 with as many digits of a second as there are.
    var rfc3339: String {
        let date = "\(self.year.padded(to: 4))-\(self.month.padded(to: 2))-\(self.day.padded(to: 2))"
        var fraction = ""
        if self.nanoseconds > 0 {
            fraction = ".\(self.nanoseconds.padded(to: 9))"
            while fraction.hasSuffix("0") { fraction.removeLast() }
        }
        return "\(date)T\(self.time)\(fraction)Z"
    }

    private var time: String {
        let minute = self.secondOfDay / 60
        return "\((minute / 60).padded(to: 2)):\((minute % 60).padded(to: 2)):\((self.secondOfDay % 60).padded(to: 2))"
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
            self.description = milliseconds == 0 ? "0s" : "\(milliseconds)ms"
            return
        }
        let seconds = milliseconds / 1000
        var fraction = milliseconds % 1000 == 0 ? "" : ".\((milliseconds % 1000).padded(to: 3))"
        while fraction.hasSuffix("0") { fraction.removeLast() }
        let minutes = seconds / 60
        let hours = minutes > 0 ? (minutes >= 60 ? "\(minutes / 60)h" : "") + "\(minutes % 60)m" : ""
        self.description = "\(hours)\(seconds % 60)\(fraction)s"
    }
}

extension Int64 {
    fileprivate func flooredQuotient(by divisor: Int64) -> Int64 {
        self >= 0 ? self / divisor : (self + 1) / divisor - 1
    }

    fileprivate func padded(to width: Int) -> String {
        let digits = String(self)
        return String(repeating: "0", count: Swift.max(0, width - digits.utf8.count)) + digits
    }
}
