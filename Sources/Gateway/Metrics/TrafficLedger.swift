import GatewayConfiguration
import HysteriaStats

/// Keeps ``TrafficTotals`` true while several event loops read and clear Hysteria's counters at once.
///
/// Which of two calls that overlap Hysteria answered first cannot be known. So a read that overlaps a `clear` is not taken
/// in, and one that overlaps another read only if it is not the older one for certain; figures of `clear` calls that
/// overlap are taken in together, when the last of them has ended.
struct TrafficLedger: Sendable {
    /// When a read began.
    struct Moment: Sendable {
        fileprivate let time: UInt64
    }

    private(set) var totals: TrafficTotals
    /// Whether anyone has asked for the totals: until then nothing is worth being taken in.
    private(set) var isUsed = false

    /// Goes on by one with each event.
    private var time: UInt64 = 0
    private var lastReadEnd: UInt64 = 0
    private var lastClearEnd: UInt64 = 0
    private var clearsUnderWay = 0
    private var cleared: [TrafficAnswer.Entry] = []
    private var isWhole = true

    init(userLimit: Int = MetricsSettings().userLimit) {
        totals = TrafficTotals(userLimit: userLimit)
    }

    /// Names at most so many users from now on.
    mutating func setUserLimit(_ limit: Int, now: Int64) {
        totals.setUserLimit(limit, now: now)
    }

    /// Before Hysteria is asked.
    mutating func readBegins() -> Moment {
        isUsed = true
        time += 1
        return Moment(time: time)
    }

    /// An answer to the read that began at this moment.
    ///
    /// - Parameters:
    ///   - process: whose counters they are, as far as that is known.
    ///   - now: seconds since 1970.
    mutating func readEnded(
        _ began: Moment,
        _ answer: TrafficAnswer,
        of process: HysteriaProcess = HysteriaProcess(),
        now: Int64
    ) {
        guard clearsUnderWay == 0, began.time > lastClearEnd else { return }
        totals.observe(answer.entries, of: process, mayBeOlder: began.time <= lastReadEnd, now: now)
        time += 1
        lastReadEnd = time
    }

    /// Before Hysteria is asked to empty its counters.
    mutating func clearBegins() {
        time += 1
        clearsUnderWay += 1
    }

    /// Hysteria's counters are empty, and this is what they said; nil if that is lost, or if nothing was done.
    mutating func clearEnded(_ answer: TrafficAnswer?, now: Int64) {
        if let answer { cleared += answer.entries } else { isWhole = false }
        clearsUnderWay -= 1
        guard clearsUnderWay == 0 else { return }
        if isUsed, isWhole || !cleared.isEmpty { totals.clear(cleared, isWhole: isWhole, now: now) }
        cleared = []
        isWhole = true
        time += 1
        lastClearEnd = time
    }
}
