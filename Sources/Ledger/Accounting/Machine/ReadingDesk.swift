/// Who waits for which reading, and when the next one is due.
///
/// A reading that is under way serves only who came before it was sent: what is shown is never older than the request.
struct ReadingDesk: Hashable, Sendable {
    /// Whether Hysteria has been asked and has not answered.
    private(set) var isUnderWay = false
    /// Whether the one under way is one that the period asks for.
    private(set) var isPeriodic = false
    private(set) var served: [ReadingWish] = []
    private(set) var gathering: [ReadingWish] = []
    /// When the next one is due without being wished for, in milliseconds since boot.
    private(set) var due: Int64
    private var failures = 0

    init(due: Int64) { self.due = due }

    mutating func join(_ wish: ReadingWish) { gathering.append(wish) }

    /// Whether a reading should be sent now, which is then under way.
    mutating func begin(now: LedgerTime) -> Bool {
        let isDue = now.boot >= due
        guard !isUnderWay, isDue || !gathering.isEmpty else { return false }
        isUnderWay = true
        isPeriodic = isDue
        (served, gathering) = (gathering, [])
        return true
    }

    /// Asks for one as soon as possible.
    mutating func hurry(now: LedgerTime) { due = min(due, now.boot) }

    /// - Returns: whom it served.
    mutating func end(succeeded: Bool, period: Int64, now: LedgerTime) -> [ReadingWish] {
        isUnderWay = false
        failures = succeeded ? 0 : failures + 1
        // On the clock's full periods, so that slots and days are cut where they end.
        let aligned = period - (now.wall % period + period) % period
        due = now.boot + (succeeded ? aligned : min(period, 1000 << Int64(min(failures - 1, 16))))
        defer { served = [] }
        return served
    }

    /// Takes everybody's wish back.
    mutating func abandon() -> [ReadingWish] {
        defer { (served, gathering) = ([], []) }
        return served + gathering
    }

    mutating func remove(_ waiter: WaiterID) {
        served.removeAll { $0.waiter == waiter }
        gathering.removeAll { $0.waiter == waiter }
    }
}
