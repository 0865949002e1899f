/// What is known of one Hysteria server. Arrays are by the numbers of users; who is beyond their end has nothing.
struct ServerAccount: Hashable, Sendable {
    /// What the last reading added, and in which time.
    struct Rate: Hashable, Sendable {
        var amounts: [AmountOfUser] = []
        var milliseconds: Int64 = 0
    }

    var image: ServerImage
    /// All that was ever counted.
    var totals: [Traffic] = []
    /// What Hysteria's counters said at the last reading.
    var raw: [Traffic] = []
    /// When that was.
    var lastReading: LedgerTime?
    var rate = Rate()

    init(_ image: ServerImage) {
        self.image = image
        lastReading = image.readAt.map(LedgerTime.known(wall:))
    }

    /// Adds what a reading brought.
    ///
    /// - Returns: the users whose counters changed.
    mutating func apply(_ reading: AppliedReading, at time: LedgerTime, users: Int) -> UserBits {
        var changed = UserBits()
        totals.grow(to: users)
        raw.grow(to: users)
        if reading.kind == .anew || reading.kind == .opening {
            for number in raw.indices where !raw[number].isZero {
                raw[number] = Traffic()
                changed.insert(number)
            }
        }
        for amount in reading.amounts {
            let number = Int(amount.user.value)
            totals[number].grow(by: amount.traffic)
            raw[number].grow(by: amount.traffic)
            changed.insert(number)
        }
        let milliseconds = lastReading.map { time.since($0) } ?? 0
        rate = reading.kind == .opening ? Rate() : Rate(amounts: reading.amounts, milliseconds: milliseconds)
        lastReading = time
        image.readAt = time.wall
        image.mark = reading.mark
        return changed
    }

}

extension [Traffic] {
    mutating func grow(to count: Int) {
        while self.count < count { append(Traffic()) }
    }

    /// The figures of a user; nothing beyond the end.
    func of(_ number: Int) -> Traffic { number < count ? self[number] : Traffic() }
}

extension Traffic {
    /// Adds to what is kept. The file's integers end at 2^63 - 1, and so do sums.
    mutating func grow(by other: Traffic) {
        let most = UInt64(Int64.max)
        let sum = self + other
        self = Traffic(up: min(sum.up, most), down: min(sum.down, most))
    }
}
