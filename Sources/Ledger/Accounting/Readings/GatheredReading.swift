/// A reading by users: what each one who has a place shows, and what the others show.
struct GatheredReading: Sendable {
    /// By the numbers of users. The first one, "(others)", stays at zero.
    private(set) var known: [Traffic]
    private(set) var strangers = Strangers()

    /// Whoever has a longer name is among the others.
    static let nameLimit = 1024

    /// Sums entries that came under the same name.
    init(_ reading: LedgerReading, names: UserNames) throws(MalformedReadingError) {
        var known = [Traffic](repeating: Traffic(), count: max(1, names.end))
        var strangers = Strangers()
        try reading.forEach { (name, traffic) throws(MalformedReadingError) in
            if let number = names.number(of: name) {
                try known[number].add(bounded: traffic)
            } else {
                try strangers.add(name, traffic)
            }
        }
        self.known = known
        self.strangers = strangers
    }

    /// What the others show together.
    func strangersTogether() throws(MalformedReadingError) -> Traffic {
        var sum = Traffic()
        for counter in strangers.counters { try sum.add(bounded: counter) }
        return sum
    }

    /// Compares with the last reading.
    ///
    /// - Parameters:
    ///   - raw: what each user showed, by number.
    ///   - lastStrangers: what each of the others showed; nil: only their sum is known, as the process has read nothing yet.
    func comparison(
        raw: [Traffic],
        lastStrangers: Strangers?
    ) throws(MalformedReadingError) -> ReadingRules.Comparison {
        var comparison = ReadingRules.Comparison()
        for number in raw.indices.dropFirst() where !raw[number].isZero {
            comparison.note(raw[number], number < known.count ? known[number] : Traffic())
        }
        if let lastStrangers {
            strangers.compared(with: lastStrangers, into: &comparison)
        } else {
            // A sum can be as high as before by chance, so that only "lower" is evidence.
            let (last, now) = (raw[0], try strangersTogether())
            if now.up < last.up || now.down < last.down { comparison.someoneIsLower = true }
        }
        return comparison
    }

    /// Gives a place to strangers, the first ones first.
    ///
    /// - Parameters:
    ///   - room: how many may get one.
    ///   - without: those whose bytes are in the sum of "(others)" already: a place would count them twice.
    ///   - first: the first number to give.
    mutating func givePlaces(room: Int, without: Strangers?, first: Int) -> [NewUser] {
        guard room > 0 else { return [] }
        var users: [NewUser] = []
        var rest = Strangers()
        for number in strangers.counters.indices {
            let (name, counter) = (strangers.names[number], strangers.counters[number])
            name.withUnsafeBytes { bytes in
                let mayHaveOne = bytes.count <= Self.nameLimit && !bytes.elementsEqual(UserID.othersName)
                if users.count < room, !counter.isZero, mayHaveOne, without?.counter(of: bytes)?.isZero ?? true {
                    let id = first + users.count
                    users.append(NewUser(id: UserID(Int64(id)), name: Array(name)))
                    while known.count <= id { known.append(Traffic()) }
                    known[id] = counter
                } else {
                    rest.insert(bytes, counter)
                }
            }
        }
        strangers = rest
        return users
    }
}

extension Strangers {
    /// Adds a name that is new, with what cannot be too much.
    fileprivate mutating func insert(_ name: UnsafeRawBufferPointer, _ traffic: Traffic) {
        // It was within the bound in the set that it comes from.
        try? add(name, traffic)
    }
}

extension UserID {
    /// What the others are called. A user of this very name is among them.
    static let othersName = Array("(others)".utf8)
}
