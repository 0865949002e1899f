/// Compressed fields (RFC 7541), as little compressed as can be.
enum HeaderBlock {
    /// Every field in full, neither from a table nor for one.
    static func literal(_ fields: [(String, String)]) -> [UInt8] {
        fields.flatMap { [0] + string($0.0) + string($0.1) }
    }

    /// A field that is kept in the table, from where ``newest`` brings it back with one byte.
    static func kept(_ name: String, _ value: String) -> [UInt8] {
        [0x40] + string(name) + string(value)
    }

    /// The field that was put into the table last.
    static let newest: UInt8 = 0x80 | 62

    private static func string(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard bytes.count >= 127 else { return [UInt8(bytes.count)] + bytes }
        var rest = bytes.count - 127
        var length: [UInt8] = [127]
        while rest >= 128 {
            length.append(UInt8(rest & 0x7F | 0x80))
            rest >>= 7
        }
        return length + [UInt8(rest)] + bytes
    }
}
