import Text

/// Amounts of data as people write them: a number and a unit.
enum ByteSizeText {
    /// Powers of ten, as providers of traffic count, and powers of two, as memory is counted.
    private static let units: [(suffix: String, bytes: Double)] = [
        ("KiB", 1024), ("MiB", 1_048_576), ("GiB", 1_073_741_824), ("TiB", 1_099_511_627_776),
        ("kB", 1e3), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("B", 1),
    ]

    /// Reads `100GiB`, `1.5TB` or `500 MB`; nil for anything else, and for what is not a whole number of bytes up to 2^62.
    static func parse(_ text: String) -> UInt64? {
        guard let unit = units.first(where: { text.hasSuffix($0.suffix) }) else { return nil }
        let number = text.dropLast(unit.suffix.count).drop { $0 == " " }
        let digits = number.last == " " ? number.dropLast() : number
        guard (1...16).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ $0.isDigit || $0 == UInt8(ascii: ".") }),
            digits.first != ".", digits.last != ".", let value = Double(digits)
        else { return nil }
        let bytes = (value * unit.bytes).rounded()
        guard bytes >= 0, bytes <= 0x1p62 else { return nil }
        return UInt64(bytes)
    }

    /// What is meant by another spelling, such as `100G`, `100 gb` or `100gib`; nil where nothing is.
    static func meant(by text: String) -> String? {
        let number = text.prefix { $0.isNumber || $0 == "." }
        let unit = text.dropFirst(number.count).filter { $0 != " " }.lowercased()
        guard !number.isEmpty, !unit.isEmpty else { return nil }
        let known = units.map(\.suffix).first {
            $0.lowercased() == unit || $0.lowercased() == unit + "b" && $0.count == 2
        }
        return known.map { number + $0 }
    }
}
