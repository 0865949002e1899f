/// Sums by slot, server and user of many lists that are in the order of users.
struct SlotSums {
    private struct Place: Hashable, Comparable {
        let slot: Int64
        let server: ServerID
        static func < (left: Place, right: Place) -> Bool { (left.slot, left.server) < (right.slot, right.server) }
    }

    private var lists: [Place: [[AmountOfUser]]] = [:]

    /// Adds what a slot gets of a stretch.
    mutating func add(_ stretch: Stretch, _ share: SlotSpread.Share) {
        let place = Place(slot: share.slot, server: stretch.server)
        guard share.ended - share.began < share.whole else {
            lists[place, default: []].append(stretch.amounts)
            return
        }
        let amounts = stretch.amounts.compactMap { amount -> AmountOfUser? in
            let part = share.of(amount.traffic)
            return part.isZero ? nil : AmountOfUser(amount.user, part)
        }
        if !amounts.isEmpty { lists[place, default: []].append(amounts) }
    }

    func sorted() -> [SlotTraffic] {
        var result: [SlotTraffic] = []
        for (place, lists) in lists.sorted(by: { $0.key < $1.key }) {
            for amount in Self.sum(lists) where !amount.traffic.isZero {
                let key = CounterKey(server: place.server, user: amount.user)
                result.append(SlotTraffic(slot: place.slot, counted: CountedTraffic(key, amount.traffic)))
            }
        }
        return result
    }

    /// Pairs, then pairs of pairs: each amount is moved as often as the number of lists has binary digits.
    private static func sum(_ lists: [[AmountOfUser]]) -> [AmountOfUser] {
        var lists = lists
        while lists.count > 1 {
            lists = stride(from: 0, to: lists.count, by: 2).map { index in
                index + 1 < lists.count ? lists[index].summed(with: lists[index + 1]) : lists[index]
            }
        }
        return lists.first ?? []
    }
}
