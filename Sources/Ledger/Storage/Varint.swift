/// Writes numbers in as few bytes as they need: seven bits a byte, the lowest first (LEB128).
struct VarintWriter {
    private(set) var bytes: [UInt8] = []

    mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

    mutating func write(_ byte: UInt8) { bytes.append(byte) }

    mutating func write(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// A number of either sign: small ones of both are short.
    mutating func write(_ number: Int64) {
        write(UInt64(bitPattern: (number << 1) ^ (number >> 63)))
    }

    mutating func write(_ text: [UInt8]) {
        write(UInt64(text.count))
        bytes += text
    }

    mutating func write(_ text: String) {
        write(UInt64(text.utf8.count))
        bytes += text.utf8
    }
}

/// Reads what ``VarintWriter`` writes. Bytes that it cannot have written are malformed: nothing is read beyond their end, and
/// no memory is asked for that they do not fill.
struct VarintReader {
    /// Bytes that ``VarintWriter`` has not written.
    struct MalformedError: Error {}

    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    /// The bytes have to stay where they are.
    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    mutating func byte() throws(MalformedError) -> UInt8 {
        guard position < bytes.count else { throw MalformedError() }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func unsigned() throws(MalformedError) -> UInt64 {
        var number: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try byte()
            // The tenth byte has one bit left to give.
            guard shift < 63 || byte <= 1 else { throw MalformedError() }
            number |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return number }
            shift += 7
        }
    }

    mutating func signed() throws(MalformedError) -> Int64 {
        let number = try unsigned()
        return Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1)
    }

    /// How many things follow that take at least so many bytes each.
    mutating func count(ofBytes least: Int) throws(MalformedError) -> Int {
        let count = try unsigned()
        guard count <= UInt64((bytes.count - position) / least) else { throw MalformedError() }
        return Int(count)
    }

    mutating func text() throws(MalformedError) -> [UInt8] {
        let count = try count(ofBytes: 1)
        defer { position += count }
        return [UInt8](bytes[position..<position + count])
    }

    mutating func string() throws(MalformedError) -> String {
        guard let string = String(validating: try text(), as: UTF8.self) else { throw MalformedError() }
        return string
    }
}
