/// A check of 24 bits on each row: SQLite has none on the content of its pages, and a bit that flips in a counter is a wrong
/// sum that no integrity check finds.
struct RowCheck {
    /// The tables, so that a row of one is none of another.
    enum Table: UInt64 {
        case meta = 1, server, user, counter, quarter, day, gap, view, taken, clear
    }

    private var state: UInt64

    init(_ table: Table) {
        state = table.rawValue &* 0x9e37_79b9_7f4a_7c15
    }

    /// What stands in the row: 24 bits with a sign, which SQLite keeps in three bytes.
    var value: Int64 { Int64(bitPattern: state) >> 40 }

    /// Each step can be undone, so that two states that differ stay different.
    mutating func add(_ number: Int64) {
        state = (state ^ UInt64(bitPattern: number)) &* 0xff51_afd7_ed55_8ccd
        state ^= state >> 32
        state = state &* 0xc4ce_b9fe_1a85_ec53
    }

    /// Nothing is something else than zero.
    mutating func add(_ number: Int64?) {
        add(number == nil ? 0 : 1)
        add(number ?? 0)
    }

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var crc = CRC32()
        crc.add(bytes)
        add(Int64(bytes.count))
        add(Int64(crc.value))
    }

    mutating func add(_ bytes: [UInt8]) { bytes.withUnsafeBytes { add($0) } }

    mutating func add(_ text: String?) {
        add(text == nil ? 0 : 1)
        guard var text else { return }
        text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
    }

    /// The check of a row of numbers.
    static func of(_ table: Table, _ first: Int64, _ second: Int64, _ third: Int64, _ up: Int64, _ down: Int64) -> Int64
    {
        var check = RowCheck(table)
        check.add(first)
        check.add(second)
        check.add(third)
        check.add(up)
        check.add(down)
        return check.value
    }
}
