/// Host names, literal ones and wildcards for one label, each with the number of what stands after it.
///
/// It is asked once in each handshake, so looking a name up allocates nothing.
struct ServerNameTable: Sendable {
    private struct Entry: Sendable {
        let name: [UInt8]
        let number: Int
    }

    /// Literal names, sorted.
    private let literal: [Entry]
    /// What follows the `*.` of the wildcards, sorted.
    private let wildcards: [Entry]

    /// Makes a table. A wildcard is `*.` and a name; of equal names the first one counts.
    ///
    /// International names stand in a certificate and in a handshake as A-labels (`xn--…`): they are ASCII like all others.
    init(_ names: [(name: String, number: Int)]) {
        var literal: [Entry] = []
        var wildcards: [Entry] = []
        var known: Set<[UInt8]> = []
        for (name, number) in names {
            let name = Self.canonical(name)
            guard !name.isEmpty, known.insert(name).inserted else { continue }
            if name.starts(with: "*.".utf8) {
                wildcards.append(Entry(name: Array(name.dropFirst(2)), number: number))
            } else {
                literal.append(Entry(name: name, number: number))
            }
        }
        self.literal = literal.sorted { $0.name.lexicographicallyPrecedes($1.name) }
        self.wildcards = wildcards.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    /// A name in the form in which names are compared: lower case, without the dot of the root.
    static func canonical(_ name: String) -> [UInt8] {
        var bytes = name.utf8.map(lowercased)
        if bytes.last == UInt8(ascii: ".") {
            bytes.removeLast()
        }
        return bytes
    }

    /// The number after a name that a client asks for: the literal one's, or else that of the wildcard for its first
    /// label.
    func number(of asked: UnsafeRawBufferPointer) -> Int? {
        var name = asked
        if name.last == UInt8(ascii: ".") {
            name = UnsafeRawBufferPointer(rebasing: name.dropLast())
        }
        guard !name.isEmpty else { return nil }
        if let found = Self.find(name, in: literal) {
            return found
        }
        guard !wildcards.isEmpty, let dot = name.firstIndex(of: UInt8(ascii: ".")), dot > 0 else {
            return nil
        }
        return Self.find(UnsafeRawBufferPointer(rebasing: name[(dot + 1)...]), in: wildcards)
    }

    private static func find(_ name: UnsafeRawBufferPointer, in entries: [Entry]) -> Int? {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            let order = compare(entries[middle].name, name)
            if order == 0 {
                return entries[middle].number
            }
            if order < 0 {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return nil
    }

    /// Less than, equal to or greater than 0 as `entry` comes before, is or comes after `name` in lower case.
    private static func compare(_ entry: [UInt8], _ name: UnsafeRawBufferPointer) -> Int {
        for index in 0..<min(entry.count, name.count) {
            let difference = Int(entry[index]) - Int(lowercased(name[index]))
            if difference != 0 {
                return difference
            }
        }
        return entry.count - name.count
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
