import Ledger
import Time

/// Days and times as people write them, in the ledger's zone.
struct DateWords {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

    let zone: CivilZone

    /// `27 Nov`.
    func day(_ moment: Int64) -> String {
        let time = local(moment)
        return "\(time.day) \(Self.months[time.month - 1])"
    }

    /// `Fri 27 Nov`.
    func weekday(_ moment: Int64) -> String { "\(Self.weekdays[local(moment).weekday]) \(day(moment))" }

    /// `27 Nov 2026`.
    func date(_ moment: Int64) -> String { "\(day(moment)) \(local(moment).year)" }

    /// `Nov 2026`.
    func month(_ moment: Int64) -> String {
        let time = local(moment)
        return "\(Self.months[time.month - 1]) \(time.year)"
    }

    /// `18:15`.
    func clock(_ moment: Int64) -> String {
        let time = local(moment)
        return "\(time.hour.padded(to: 2)):\(time.minute.padded(to: 2))"
    }

    /// `18:15:20`.
    func clockToSecond(_ moment: Int64) -> String { "\(clock(moment)):\(local(moment).second.padded(to: 2))" }

    private func local(_ moment: Int64) -> CivilTime { CivilTime(moment + zone.offset(at: moment)) }

    /// `9 s`, `12 min`, `5 h`, `3 d`: rounded down.
    static func duration(_ seconds: Int64) -> String {
        switch seconds {
        case ..<60: "\(max(0, seconds)) s"
        case ..<3600: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) d"
        }
    }
}
