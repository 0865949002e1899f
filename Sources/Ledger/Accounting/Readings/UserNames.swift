/// Names by number and numbers by name, compared byte by byte.
///
/// A hash table over one array of bytes: a name is looked up without being copied. Numbers are small, and can be missing.
struct UserNames: Sendable {
    private var bytes: [UInt8] = []
    /// Where each name lies in `bytes`; nil: nobody has this number.
    private var ranges: [Range<Int>?] = []
    /// Open addressing: a number in each place that is taken, -1 in the others. The size is a power of two.
    private var places = [Int32](repeating: -1, count: 16)
    /// How many names there are.
    private(set) var count = 0

    /// One more than the largest number.
    var end: Int { ranges.count }

    func contains(_ number: Int) -> Bool { ranges.indices.contains(number) && ranges[number] != nil }

    /// A name's bytes; empty for a number that nobody has.
    subscript(number: Int) -> ArraySlice<UInt8> {
        guard contains(number), let range = ranges[number] else { return [] }
        return bytes[range]
    }

    func number(of name: UnsafeRawBufferPointer) -> Int? {
        let place = place(of: name)
        return places[place] < 0 ? nil : Int(places[place])
    }

    func number(of name: [UInt8]) -> Int? { name.withUnsafeBytes { number(of: $0) } }

    /// Gives a name this number. Neither may be taken.
    mutating func add(_ name: UnsafeRawBufferPointer, as number: Int) {
        if 2 * (count + 1) > places.count { grow() }
        let place = place(of: name)
        precondition(places[place] < 0 && !contains(number), "a name and a number are given once")
        places[place] = Int32(number)
        while ranges.count <= number { ranges.append(nil) }
        ranges[number] = bytes.count..<bytes.count + name.count
        bytes.append(contentsOf: name)
        count += 1
    }

    private mutating func grow() {
        places = [Int32](repeating: -1, count: places.count * 2)
        bytes.withUnsafeBytes { all in
            for (number, range) in ranges.enumerated() {
                guard let range else { continue }
                places[place(of: UnsafeRawBufferPointer(rebasing: all[range]))] = Int32(number)
            }
        }
    }

    /// Where the name is, or where it would be.
    private func place(of name: UnsafeRawBufferPointer) -> Int {
        // The seed of the process makes names that collide on purpose impossible to find.
        var hasher = Hasher()
        hasher.combine(bytes: name)
        let mask = places.count - 1
        var place = hasher.finalize() & mask
        while places[place] >= 0, !holds(Int(places[place]), name) { place = (place + 1) & mask }
        return place
    }

    private func holds(_ number: Int, _ name: UnsafeRawBufferPointer) -> Bool {
        guard let range = ranges[number], range.count == name.count else { return false }
        return bytes.withUnsafeBytes { UnsafeRawBufferPointer(rebasing: $0[range]).elementsEqual(name) }
    }
}
