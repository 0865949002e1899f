import CNGHTTP2

/// Compressed fields (RFC 7541), as little compressed as can be, and read by the library.
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

/// Reads the header blocks of one direction of a connection, in their order.
final class HeaderDecoder {
    private var inflater: OpaquePointer?

    init() {
        nghttp2_hd_inflate_new(&inflater)
    }

    deinit {
        nghttp2_hd_inflate_del(inflater)
    }

    func decode(_ block: [UInt8]) -> [String] {
        var lines: [String] = []
        var rest = block[...]
        while true {
            var field = nghttp2_nv()
            var flags: CInt = 0
            let count = Array(rest).withUnsafeBufferPointer {
                nghttp2_hd_inflate_hd2(inflater, &field, &flags, $0.baseAddress, $0.count, 1)
            }
            guard count >= 0 else { return lines + ["undecodable"] }
            rest = rest.dropFirst(count)
            if flags & CInt(NGHTTP2_HD_INFLATE_EMIT.rawValue) != 0 {
                let name = String(decoding: UnsafeBufferPointer(start: field.name, count: field.namelen), as: UTF8.self)
                let value = String(
                    decoding: UnsafeBufferPointer(start: field.value, count: field.valuelen),
                    as: UTF8.self
                )
                lines.append("\(name): \(value)")
            }
            if flags & CInt(NGHTTP2_HD_INFLATE_FINAL.rawValue) != 0 {
                nghttp2_hd_inflate_end_headers(inflater)
                return lines
            }
            if rest.isEmpty, flags == 0 { return lines }
        }
    }
}
