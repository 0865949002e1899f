/// The check sum of Ethernet, gzip and PNG (ISO 3309), eight bytes at a time.
struct CRC32 {
    private static let tables: [[UInt32]] = {
        var tables = [[UInt32]](repeating: [UInt32](repeating: 0, count: 256), count: 8)
        for index in 0..<256 {
            var value = UInt32(index)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
            tables[0][index] = value
        }
        for index in 0..<256 {
            for table in 1..<8 {
                let before = tables[table - 1][index]
                tables[table][index] = before >> 8 ^ tables[0][Int(before & 0xff)]
            }
        }
        return tables
    }()
    /// All tables one after the other: one bounds check, and no reference per table.
    private static let table: [UInt32] = tables.flatMap { $0 }

    private var state: UInt32 = ~0

    var value: UInt32 { ~state }

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        Self.table.withUnsafeBufferPointer { table in
            var state = state
            var position = 0
            while position + 8 <= bytes.count {
                let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
                let mixed = word ^ UInt64(state)
                state =
                    table[7 << 8 + Int(mixed & 0xff)] ^ table[6 << 8 + Int(mixed >> 8 & 0xff)]
                    ^ table[5 << 8 + Int(mixed >> 16 & 0xff)] ^ table[4 << 8 + Int(mixed >> 24 & 0xff)]
                state ^=
                    table[3 << 8 + Int(mixed >> 32 & 0xff)] ^ table[2 << 8 + Int(mixed >> 40 & 0xff)]
                    ^ table[1 << 8 + Int(mixed >> 48 & 0xff)] ^ table[Int(mixed >> 56)]
                position += 8
            }
            while position < bytes.count {
                state = state >> 8 ^ table[Int(UInt8(truncatingIfNeeded: state) ^ bytes[position])]
                position += 1
            }
            self.state = state
        }
    }

    mutating func add(_ number: Int64) {
        withUnsafeBytes(of: number.littleEndian) { add($0) }
    }
}
