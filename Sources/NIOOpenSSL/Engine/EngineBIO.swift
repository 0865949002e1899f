import COpenSSL

/// The BIO through which the engine reads and writes: `EngineBuffers` behind OpenSSL's interface.
enum EngineBIO {
    /// The `BIO_METHOD`. It is made once, filled before anyone sees it, and lives as long as the process.
    nonisolated(unsafe) private static let method: OpaquePointer? = makeMethod()

    /// A BIO over `buffers`, which it does not retain: they must outlive the connection that gets it.
    static func make(over buffers: EngineBuffers) -> OpaquePointer? {
        guard let method, let bio = BIO_new(method) else { return nil }
        BIO_set_data(bio, Unmanaged.passUnretained(buffers).toOpaque())
        BIO_set_init(bio, 1)
        return bio
    }

    private static func makeMethod() -> OpaquePointer? {
        guard let method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "NIO buffers") else {
            return nil
        }
        BIO_meth_set_read_ex(method, read)
        BIO_meth_set_write_ex(method, write)
        BIO_meth_set_ctrl(method, control)
        return method
    }

    private static let read:
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<CChar>?, Int, UnsafeMutablePointer<Int>?
        ) -> CInt = { bio, destination, count, done in
            COpenSSL_BIO_clear_retry_flags(bio)
            guard let data = BIO_get_data(bio), let destination, let done else { return 0 }
            return Unmanaged<EngineBuffers>.fromOpaque(data)._withUnsafeGuaranteedRef { buffers in
                let input = buffers.input
                let taken = min(count, input.count)
                guard taken > 0, let start = input.baseAddress else {
                    COpenSSL_BIO_set_retry_read(bio)
                    return -1
                }
                UnsafeMutableRawPointer(destination).copyMemory(from: start, byteCount: taken)
                buffers.input = UnsafeRawBufferPointer(rebasing: input[taken...])
                done.pointee = taken
                return 1
            }
        }

    private static let write:
        @convention(c) (
            OpaquePointer?, UnsafePointer<CChar>?, Int, UnsafeMutablePointer<Int>?
        ) -> CInt = { bio, source, count, done in
            COpenSSL_BIO_clear_retry_flags(bio)
            guard let data = BIO_get_data(bio), let source, let done else { return 0 }
            return Unmanaged<EngineBuffers>.fromOpaque(data)._withUnsafeGuaranteedRef { buffers in
                buffers.appendOutput(UnsafeRawBufferPointer(start: source, count: count))
                done.pointee = count
                return 1
            }
        }

    private static let control:
        @convention(c) (
            OpaquePointer?, CInt, CLong, UnsafeMutableRawPointer?
        ) -> CLong = { _, command, _, _ in
            // The handler flushes the channel itself. Everything else is a question that this BIO has no answer to.
            return command == BIO_CTRL_FLUSH ? 1 : 0
        }
}
