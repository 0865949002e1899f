/// The clears of one view that are kept: the last hundred, and for thirty days those with a key.
struct ClearBook: Hashable, Sendable {
    /// So many are kept in any case, to be listed.
    static let listed = 100
    /// For so long the same key gets the same answer, in milliseconds.
    static let keyLife: Int64 = 30 * 86_400_000
    /// Beyond these the oldest keys go before their time: a caller with a new key every second must not fill the memory.
    static let countLimit = 10_000
    static let amountLimit = 500_000

    /// In the order of their ids.
    private(set) var clears: [ClearImage] = []
    private var ids: [String: ClearID] = [:]
    private var amounts = 0

    subscript(id: ClearID) -> ClearImage? { index(of: id).map { clears[$0] } }

    /// The clear of a key that still counts.
    func clear(of key: String, now: Int64) -> ClearImage? {
        guard let id = ids[key], let clear = self[id], clear.at + Self.keyLife > now else { return nil }
        return clear
    }

    /// The last clear, as long as it is not decided.
    var undecided: ClearImage? { clears.last.flatMap { $0.verdict == .undecided ? $0 : nil } }

    /// - Returns: which clears are not kept any more.
    mutating func add(_ clear: ClearImage) -> [ClearID] {
        var gone: [ClearID] = []
        if let key = clear.key {
            if let old = ids[key], let index = index(of: old) { gone.append(remove(at: index)) }
            ids[key] = clear.id
        }
        clears.append(clear)
        amounts += clear.amounts.count
        // One falls out of the list with each new one. Before it there are only keys.
        let last = clears.count - Self.listed - 1
        if last >= 0, clears[last].key == nil { gone.append(remove(at: last)) }
        while clears.count > Self.listed, let oldest = clears.first, !isKept(oldest, at: clear.at) {
            gone.append(remove(at: 0))
        }
        return gone
    }

    mutating func decide(_ id: ClearID, _ verdict: ClearVerdict) {
        guard let index = index(of: id) else { return }
        clears[index].verdict = verdict
    }

    private func isKept(_ clear: ClearImage, at time: Int64) -> Bool {
        clear.key != nil && clear.at + Self.keyLife > time
            && clears.count <= Self.countLimit && amounts <= Self.amountLimit
    }

    private mutating func remove(at index: Int) -> ClearID {
        let clear = clears.remove(at: index)
        amounts -= clear.amounts.count
        if let key = clear.key, ids[key] == clear.id { ids[key] = nil }
        return clear.id
    }

    private func index(of id: ClearID) -> Int? {
        var (low, high) = (0, clears.count)
        while low < high {
            let middle = (low + high) / 2
            if clears[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low < clears.count && clears[low].id == id ? low : nil
    }
}
