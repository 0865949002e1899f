import CNGHTTP2

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
