/// Clears that wait for the verdict on the one before, by view.
struct ClearQueues: Hashable, Sendable {
    /// After so long, in milliseconds, the one before counts as delivered.
    static let patience: Int64 = 5000

    private var queues: [String: [ClearWish]] = [:]

    mutating func add(_ wish: ClearWish) { queues[wish.request.name, default: []].append(wish) }

    mutating func next(of view: String) -> ClearWish? {
        guard var queue = queues.removeValue(forKey: view), !queue.isEmpty else { return nil }
        defer { if !queue.isEmpty { queues[view] = queue } }
        return queue.removeFirst()
    }

    mutating func remove(_ waiter: WaiterID) {
        for view in Array(queues.keys) {
            queues[view]?.removeAll { $0.waiter == waiter }
            if queues[view]?.isEmpty == true { queues[view] = nil }
        }
    }

    /// Takes everybody's wish back.
    mutating func abandon() -> [ClearWish] {
        defer { queues = [:] }
        return queues.sorted { $0.key < $1.key }.flatMap(\.value)
    }

    /// When the first patience ends, in milliseconds since boot.
    var firstOverdue: Int64? { queues.values.compactMap { $0.first.map(Self.overdue) }.min() }

    /// The views whose next clear has waited long enough.
    func overdue(now: LedgerTime) -> [String] {
        queues.filter { $0.value.first.map(Self.overdue) ?? .max <= now.boot }.keys.sorted()
    }

    private static func overdue(_ wish: ClearWish) -> Int64 { wish.arrived.boot + patience }
}
