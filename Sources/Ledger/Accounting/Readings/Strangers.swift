/// Users without a place of their own, who are counted together as "(others)": what each of them showed at one reading.
struct Strangers: Sendable {
    private(set) var names = UserNames()
    private(set) var counters: [Traffic] = []

    var isEmpty: Bool { counters.isEmpty }

    /// What this name showed; nil: nothing.
    func counter(of name: UnsafeRawBufferPointer) -> Traffic? { names.number(of: name).map { counters[$0] } }

    /// Adds to a name. Two names that the answer could not tell apart are one.
    mutating func add(_ name: UnsafeRawBufferPointer, _ traffic: Traffic) throws(MalformedReadingError) {
        if let number = names.number(of: name) {
            try counters[number].add(bounded: traffic)
        } else {
            var counter = Traffic()
            try counter.add(bounded: traffic)
            names.add(name, as: counters.count)
            counters.append(counter)
        }
    }

    /// How these compare with the same ones before, one by one.
    func compared(with last: Strangers, into comparison: inout ReadingRules.Comparison) {
        for number in last.counters.indices where !last.counters[number].isZero {
            let now = last.names[number].withUnsafeBytes { counter(of: $0) } ?? Traffic()
            comparison.note(last.counters[number], now)
        }
    }
}

extension ReadingRules.Comparison {
    /// Takes in what a user showed before, which was more than nothing, and shows now.
    mutating func note(_ last: Traffic, _ now: Traffic) {
        if now.up < last.up || now.down < last.down {
            someoneIsLower = true
        } else if now == last {
            someoneIsEqual = true
        }
    }
}

extension Traffic {
    /// Adds; refuses what no counter of Hysteria can reach.
    mutating func add(bounded other: Traffic) throws(MalformedReadingError) {
        let limit: UInt64 = 1 << 63
        let sum = self + other
        guard sum.up < limit, sum.down < limit else { throw .tooLarge }
        self = sum
    }

    /// What is missing to `self` from `other`, which is not larger.
    func minus(_ other: Traffic) -> Traffic {
        Traffic(
            up: up >= other.up ? up - other.up : 0,
            down: down >= other.down ? down - other.down : 0
        )
    }
}
