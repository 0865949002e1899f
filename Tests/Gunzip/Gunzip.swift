import CZlib

/// The content of one gzip member, by the other half of zlib; nil if it is none, or does not end where the bytes end.
///
/// - Parameter most: how long the content may be.
package func gunzipped(_ packed: [UInt8], most: Int = 1 << 22) -> [UInt8]? {
    var stream = z_stream()
    guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    var packed = packed
    return packed.withUnsafeMutableBufferPointer { input in
        var isWhole = false
        let content = [UInt8](unsafeUninitializedCapacity: most) { output, count in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            stream.next_out = output.baseAddress
            stream.avail_out = UInt32(output.count)
            isWhole = inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_in == 0
            count = output.count - Int(stream.avail_out)
        }
        return isWhole ? content : nil
    }
}
