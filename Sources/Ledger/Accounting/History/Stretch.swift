/// What came between two readings, or between the first and the last of several that follow one another.
struct Stretch: Hashable, Sendable {
    let server: ServerID
    var began: LedgerTime
    var ended: LedgerTime
    /// In the order of the users' ids.
    var amounts: [AmountOfUser]

    /// What is dated as a whole is at most so long, in milliseconds.
    static let minute: Int64 = 60_000

    /// Takes in the stretch that follows, if the two middles lie within one minute of the clock.
    ///
    /// Slots begin at full minutes, so that nothing changes its slot by this. What is kept in memory until the next fold is a
    /// sixth of what readings every ten seconds would need.
    mutating func join(_ next: Stretch) -> Bool {
        guard server == next.server, began.isSameBoot(as: ended), ended == next.began, next.ended.isSameBoot(as: ended),
            next.ended.clockStep(since: began).map({ abs($0) < 1000 }) == true, next.middle.minute == middle.minute
        else { return false }
        ended = next.ended
        amounts = amounts.summed(with: next.amounts)
        return true
    }

    private var middle: (wall: Int64, minute: Int64) {
        let wall = ended.wall - ended.since(began) / 2
        return (wall, SlotSpread.floored(wall, Self.minute))
    }

    /// When it was, by the wall clock as it is now.
    func dated(now: LedgerTime) -> Range<Int64> {
        let end = ended.dated(now: now)
        // Of one boot, its length is what passed, whatever the clock was set to meanwhile.
        let start = ended.isSameBoot(as: began) ? end - ended.since(began) : began.dated(now: now)
        return min(start, end)..<end
    }
}

extension [AmountOfUser] {
    /// The sums by user. Both are in the order of ids, and so is the result.
    func summed(with other: [AmountOfUser]) -> [AmountOfUser] {
        if isEmpty { return other }
        if other.isEmpty { return self }
        var sums: [AmountOfUser] = []
        sums.reserveCapacity(Swift.max(count, other.count))
        var (left, right) = (0, 0)
        while left < count, right < other.count {
            if self[left].user == other[right].user {
                sums.append(AmountOfUser(self[left].user, self[left].traffic + other[right].traffic))
                left += 1
                right += 1
            } else if self[left].user < other[right].user {
                sums.append(self[left])
                left += 1
            } else {
                sums.append(other[right])
                right += 1
            }
        }
        sums.append(contentsOf: self[left...])
        sums.append(contentsOf: other[right...])
        return sums
    }
}
