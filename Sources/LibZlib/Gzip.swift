/// Whole contents, compressed.
package enum Gzip {
    /// Compresses.
    ///
    /// - Parameters:
    ///   - level: how hard to try.
    ///   - limit: the most bytes that the result may have.
    /// - Returns: the compressed content; nil if it would have been longer than the limit.
    package static func encode(
        _ content: UnsafeRawBufferPointer,
        level: GzipLevel,
        limit: Int = .max
    ) throws(GzipError) -> [UInt8]? {
        let encoder = try GzipEncoder(level: level, limit: limit)
        try encoder.write(content)
        return try encoder.finish()
    }
}
