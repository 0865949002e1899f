/// A consumer's own counters.
struct ViewAccount: Hashable, Sendable {
    let id: ViewID
    let name: String
    /// Milliseconds since 1970.
    let began: Int64
    var lastUsed: Int64
    private(set) var acknowledged: Int64?
    private(set) var offered: Int64?
    /// By server and by the number of the user: what it was given for good, and what it began without.
    private(set) var taken: [ServerID: [Traffic]] = [:]
    /// What it is offered beyond, in the order of the keys.
    private(set) var offer: [CountedTraffic] = []
    private(set) var clears = ClearBook()

    init(_ image: ViewImage) {
        id = image.id
        name = image.name
        began = image.began
        lastUsed = image.lastUsed
        acknowledged = image.acknowledged
        offered = image.offered
        offer = image.offer.sorted { $0.key < $1.key }
        for entry in image.taken { add(entry) }
    }

    func taken(_ key: CounterKey) -> Traffic { taken[key.server]?.of(Int(key.user.value)) ?? Traffic() }

    // MARK: Entries

    mutating func grant(_ clear: ClearImage) -> [ClearID] {
        lastUsed = clear.at
        clear.amounts.forEach { add($0) }
        // A clear gives what is offered too, which must not be taken for good under its cursor as well.
        offer = []
        offered = nil
        return clears.add(clear)
    }

    /// - Returns: whether the clear was undecided.
    mutating func decide(_ id: ClearID, _ verdict: ClearVerdict) -> Bool {
        guard let clear = clears[id], clear.verdict == .undecided, verdict != .undecided else { return false }
        clears.decide(id, verdict)
        if verdict == .returned { clear.amounts.forEach { remove($0) } }
        return true
    }

    mutating func offer(_ new: CursorOffer, at time: Int64) {
        lastUsed = time
        if acknowledged == nil { acknowledged = 0 }
        offered = new.cursor
        offer = new.amounts
    }

    mutating func acknowledge(_ cursor: Int64, at time: Int64) {
        lastUsed = time
        guard cursor == offered else { return }
        offer.forEach { add($0) }
        acknowledged = cursor
        offered = nil
        offer = []
    }

    mutating func replay(_ clear: ClearImage) { _ = clears.add(clear) }

    private mutating func add(_ entry: CountedTraffic) {
        let number = Int(entry.key.user.value)
        taken[entry.key.server, default: []].grow(to: number + 1)
        taken[entry.key.server]?[number].grow(by: entry.traffic)
    }

    private mutating func remove(_ entry: CountedTraffic) {
        let number = Int(entry.key.user.value)
        guard let before = taken[entry.key.server]?.of(number) else { return }
        taken[entry.key.server]?[number] = before.minus(entry.traffic)
    }
}
