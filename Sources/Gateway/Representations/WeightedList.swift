import Text

/// The value of a field by which a caller says what it prefers: a list of names, each with a weight (RFC 9110, section
/// 12.4.2).
enum WeightedList {
    /// Calls `body` with each name and its weight in thousandths. Nothing is allocated, and every byte is looked at a few times
    /// at most, whatever it is.
    static func forEach(
        in value: UnsafeRawBufferPointer,
        _ body: (_ name: UnsafeRawBufferPointer, _ weight: Int) -> Void
    ) {
        forEachPart(of: value, separator: UInt8(ascii: ",")) { element in
            var name: UnsafeRawBufferPointer?
            var weight = 1000
            forEachPart(of: element, separator: UInt8(ascii: ";")) { part in
                if name == nil {
                    name = part
                } else if part.count >= 2, part[0] | 0x20 == UInt8(ascii: "q"), part[1] == UInt8(ascii: "=") {
                    weight = thousandths(part[2...])
                }
            }
            if let name, !name.isEmpty { body(name, weight) }
        }
    }

    /// Calls `body` with each part, without the whitespace around it.
    private static func forEachPart(
        of text: UnsafeRawBufferPointer,
        separator: UInt8,
        _ body: (UnsafeRawBufferPointer) -> Void
    ) {
        var start = 0
        while start <= text.count {
            let end = text[start...].firstIndex(of: separator) ?? text.count
            body(UnsafeRawBufferPointer(rebasing: text[start..<end]).trimmed)
            start = end + 1
        }
    }

    /// `0.5` as 500; a weight that is none counts as 0.
    private static func thousandths(_ text: Slice<UnsafeRawBufferPointer>) -> Int {
        // The grammar asks for a digit before the point, and libraries that write `.2` are many.
        let isShort = text.first == UInt8(ascii: ".") && text.count > 1
        guard let first = isShort ? UInt8(ascii: "0") : text.first, first | 1 == UInt8(ascii: "1") else { return 0 }
        let fraction = isShort ? text : text.dropFirst()
        guard !fraction.isEmpty else { return first == UInt8(ascii: "1") ? 1000 : 0 }
        guard fraction.first == UInt8(ascii: ".") else { return 0 }
        var weight = first == UInt8(ascii: "1") ? 1000 : 0
        var unit = 100
        for byte in fraction.dropFirst() {
            guard byte.isDigit else { return 0 }
            weight += Int(byte &- UInt8(ascii: "0")) * unit
            unit /= 10
        }
        return min(weight, 1000)
    }
}
