import GatewayConfiguration
import HysteriaStats
import NIOConcurrencyHelpers

/// Keeps ``TrafficTotals`` true while several event loops read and clear Hysteria's counters at once.
///
/// Which of two calls that overlap Hysteria answered first cannot be known. So a read that overlaps a `clear` is not taken
/// in, and one that overlaps another read only if it is not the older one for certain; figures of `clear` calls that
/// overlap are taken in together, when the last of them has ended.
///
/// Event loops say when calls begin and when their answers arrive, which takes no time. To take in what the answers say of
/// 50,000 users does: that is done elsewhere, and no event loop waits for it.
final class TrafficLedger: Sendable {
    /// When a read began.
    struct Moment: Sendable {
        fileprivate let time: UInt64
    }

    /// When an answer was there.
    struct Arrival: Sendable {
        fileprivate let time: UInt64
    }

    /// The order of events.
    private struct Order {
        /// Whether anyone has asked for the totals: until then nothing is worth being taken in.
        var isUsed = false
        /// Goes on by one with each event.
        var time: UInt64 = 0
        var lastReadEnd: UInt64 = 0
        var lastClearArrival: UInt64 = 0
        var lastClearEnd: UInt64 = 0
        var clearsUnderWay = 0
        /// A limit that the totals do not go by yet, and the second in which it came.
        var newLimit: (users: Int, now: Int64)?
        /// How many users the totals have.
        var userCount = 0

        mutating func passed() -> UInt64 {
            time += 1
            return time
        }
    }

    /// What takes its time to change.
    private struct Kept {
        var totals: TrafficTotals
        var cleared: [TrafficAnswer.Entry] = []
        var isWhole = true
    }

    /// Held for a few instructions. Who holds both has taken the other one first.
    private let order = NIOLockedValueBox(Order())
    /// Not for event loops.
    private let kept: NIOLockedValueBox<Kept>

    init(userLimit: Int = MetricsSettings().userLimit) {
        kept = NIOLockedValueBox(Kept(totals: TrafficTotals(userLimit: userLimit)))
    }

    // MARK: For event loops

    /// Whether anyone has asked for the totals.
    var isUsed: Bool { order.withLockedValue(\.isUsed) }

    /// How many users there are.
    var userCount: Int { order.withLockedValue(\.userCount) }

    /// Names at most so many users from now on.
    func setUserLimit(_ limit: Int, now: Int64) {
        order.withLockedValue { $0.newLimit = (limit, now) }
    }

    /// Before Hysteria is asked.
    func readBegins() -> Moment {
        order.withLockedValue {
            $0.isUsed = true
            return Moment(time: $0.passed())
        }
    }

    /// Hysteria has answered a read.
    func readArrived() -> Arrival { order.withLockedValue { Arrival(time: $0.passed()) } }

    /// Before Hysteria is asked to empty its counters.
    func clearBegins() {
        order.withLockedValue {
            _ = $0.passed()
            $0.clearsUnderWay += 1
        }
    }

    /// Hysteria has answered that, or does not.
    func clearArrived() {
        order.withLockedValue { $0.lastClearArrival = $0.passed() }
    }

    // MARK: Elsewhere

    /// All that was seen.
    var totals: TrafficTotals { use { $0.totals } }

    /// Takes in the answer to the read that began at this moment.
    ///
    /// - Parameters:
    ///   - process: whose counters they are, as far as that is known.
    ///   - now: seconds since 1970.
    func take(
        _ answer: TrafficAnswer,
        began: Moment,
        arrived: Arrival,
        of process: HysteriaProcess = HysteriaProcess(),
        now: Int64
    ) {
        use { kept in
            let mayBeOlder = order.withLockedValue { order -> Bool? in
                guard order.clearsUnderWay == 0, began.time > order.lastClearEnd else { return nil }
                return began.time <= order.lastReadEnd
            }
            guard let mayBeOlder else { return }
            kept.totals.observe(answer.entries, of: process, mayBeOlder: mayBeOlder, now: now)
            order.withLockedValue { $0.lastReadEnd = max($0.lastReadEnd, arrived.time) }
        }
    }

    /// Hysteria's counters are empty, and this is what they said; nil if that is lost, or if nothing was done. To be called once for
    /// each ``clearBegins()``, after ``clearArrived()``.
    func takeClear(_ answer: TrafficAnswer?, now: Int64) {
        use { kept in
            if let answer { kept.cleared += answer.entries } else { kept.isWhole = false }
            let (isLast, isUsed) = order.withLockedValue { order in
                order.clearsUnderWay -= 1
                return (order.clearsUnderWay == 0, order.isUsed)
            }
            guard isLast else { return }
            if isUsed, kept.isWhole || !kept.cleared.isEmpty {
                kept.totals.clear(kept.cleared, isWhole: kept.isWhole, now: now)
            }
            kept.cleared = []
            kept.isWhole = true
            order.withLockedValue { $0.lastClearEnd = $0.lastClearArrival }
        }
    }

    private func use<Value>(_ body: (inout Kept) -> Value) -> Value {
        kept.withLockedValue { kept in
            let limit = order.withLockedValue { order in
                defer { order.newLimit = nil }
                return order.newLimit
            }
            if let limit { kept.totals.setUserLimit(limit.users, now: limit.now) }
            defer { order.withLockedValue { [count = kept.totals.users.count] in $0.userCount = count } }
            return body(&kept)
        }
    }
}
