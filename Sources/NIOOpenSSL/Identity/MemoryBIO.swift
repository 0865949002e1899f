import COpenSSL

/// Bytes in memory as OpenSSL reads and writes them: PEM, printed names.
final class MemoryBIO {
    /// The BIO, for as long as this object lives.
    let pointer: OpaquePointer

    /// An empty one, to be written to.
    init() throws(TLSError) {
        guard let bio = BIO_new(BIO_s_mem()) else {
            throw TLSError(.engine, "OpenSSL has no memory for a buffer", reasons: OpenSSLErrorQueue.drain())
        }
        pointer = bio
    }

    /// One that holds `bytes`, to be read.
    convenience init(_ bytes: [UInt8]) throws(TLSError) {
        try self.init()
        let written = bytes.withUnsafeBytes { BIO_write(pointer, $0.baseAddress, CInt(clamping: $0.count)) }
        guard bytes.isEmpty || Int(written) == bytes.count else {
            throw TLSError(.engine, "OpenSSL has no memory for a buffer", reasons: OpenSSLErrorQueue.drain())
        }
    }

    deinit {
        BIO_free_all(pointer)
    }

    /// What was written and not read yet.
    var bytes: [UInt8] {
        var start: UnsafePointer<CChar>?
        let count = COpenSSL_BIO_get_mem_data(pointer, &start)
        guard let start else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// What was written and not read yet, as text.
    var text: String {
        String(decoding: bytes, as: UTF8.self)
    }
}
