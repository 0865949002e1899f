import CZlib

/// Compresses content piece by piece into one gzip member (RFC 1952), which is the same for the same content: it has no name
/// and no time.
///
/// It takes some 270 KB while it lives.
package final class GzipEncoder {
    /// The largest window, and a gzip header around it.
    private static let windowBits: Int32 = 15 + 16
    /// zlib's own default.
    private static let memoryLevel: Int32 = 8
    /// How much one call of zlib may write, and how much it may read: its counts have 32 bits.
    private static let step = 64 * 1024
    private static let longestInput = 1 << 30

    /// It stays where it is: zlib's own state points back to it.
    private let stream: UnsafeMutablePointer<z_stream>
    private let limit: Int
    private var output: [UInt8] = []
    private var isFull = false

    /// - Parameters:
    ///   - level: how hard to try.
    ///   - limit: the most bytes that the result may have.
    package convenience init(level: GzipLevel, limit: Int = .max) throws(GzipError) {
        try self.init(level: level, limit: limit, allocating: nil)
    }

    /// - Parameter allocate: where zlib gets its memory; nil for where C has it.
    init(level: GzipLevel, limit: Int = .max, allocating allocate: alloc_func?) throws(GzipError) {
        self.limit = limit
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        stream.pointee.zalloc = allocate
        let code = deflateInit2_(
            stream,
            level.number,
            Z_DEFLATED,
            Self.windowBits,
            Self.memoryLevel,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        guard code == Z_OK else { throw GzipError(code: code) }
    }

    deinit {
        // It does nothing to a stream that could not be begun.
        deflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    /// Takes the next piece of the content.
    package func write(_ piece: UnsafeRawBufferPointer) throws(GzipError) {
        var rest = piece
        while !rest.isEmpty, !isFull {
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.longestInput))
            try run(part, Z_NO_FLUSH)
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(part.count))
        }
    }

    /// Ends the content. Nothing can be written after it.
    ///
    /// - Returns: the compressed content; nil if it would have been longer than the limit.
    package func finish() throws(GzipError) -> [UInt8]? {
        if !isFull { try run(UnsafeRawBufferPointer(start: nil, count: 0), Z_FINISH) }
        guard !isFull else { return nil }
        defer { output = [] }
        return output
    }

    private func run(_ input: UnsafeRawBufferPointer, _ flush: Int32) throws(GzipError) {
        // zlib does not write to what it reads.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        var code: Int32
        repeat {
            code = takeStep(flush)
            // Z_BUF_ERROR: there was nothing to do, which is no error.
            guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR else { throw GzipError(code: code) }
        } while !isFull && (flush == Z_FINISH ? code != Z_STREAM_END : stream.pointee.avail_out == 0)
        stream.pointee.next_in = nil
        stream.pointee.avail_in = 0
    }

    private func takeStep(_ flush: Int32) -> Int32 {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.step) { memory in
            stream.pointee.next_out = memory.baseAddress
            stream.pointee.avail_out = UInt32(memory.count)
            let code = deflate(stream, flush)
            let written = memory.prefix(memory.count - Int(stream.pointee.avail_out))
            if written.count > limit - output.count {
                isFull = true
                output = []
            } else {
                output.append(contentsOf: written)
            }
            stream.pointee.next_out = nil
            return code
        }
    }
}
