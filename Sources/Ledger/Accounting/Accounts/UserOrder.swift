/// The numbers of users, "(others)" too, in the order of their names' bytes.
struct UserOrder: Sendable {
    private(set) var sorted: [Int32] = [0]
    private var added: [Int32] = []

    mutating func add(_ number: Int) { added.append(Int32(number)) }

    /// Puts in order whoever came since the last time.
    mutating func settle(_ names: UserNames) {
        guard !added.isEmpty else { return }
        let new = added.sorted { names.name(of: $0).lexicographicallyPrecedes(names.name(of: $1)) }
        added = []
        var merged: [Int32] = []
        merged.reserveCapacity(sorted.count + new.count)
        var next = 0
        for number in sorted {
            while next < new.count, names.name(of: new[next]).lexicographicallyPrecedes(names.name(of: number)) {
                merged.append(new[next])
                next += 1
            }
            merged.append(number)
        }
        merged.append(contentsOf: new[next...])
        sorted = merged
    }
}

extension UserNames {
    /// A name's bytes, of "(others)" too.
    func name(of number: Int32) -> ArraySlice<UInt8> { number == 0 ? UserID.othersName[...] : self[Int(number)] }
}
