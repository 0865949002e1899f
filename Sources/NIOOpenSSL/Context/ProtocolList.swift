import COpenSSL

/// The application protocols of a context in the form of the wire, at an address that does not change.
///
/// `@unchecked Sendable`: the bytes are written in `init` and only read afterwards.
final class ProtocolList: @unchecked Sendable {
    private let bytes: UnsafeMutableBufferPointer<UInt8>

    /// The list in the order of preference; a name has 1 to 255 bytes.
    init(_ protocols: [String]) throws(TLSError) {
        var encoded: [UInt8] = []
        for name in protocols {
            guard let length = UInt8(exactly: name.utf8.count), length > 0 else {
                throw TLSError(.configuration, "'\(name)' is no application protocol: it needs 1 to 255 bytes")
            }
            encoded.append(length)
            encoded.append(contentsOf: name.utf8)
        }
        bytes = .allocate(capacity: encoded.count)
        _ = bytes.initialize(from: encoded)
    }

    deinit {
        bytes.deallocate()
    }

    /// Offers the protocols to servers. What OpenSSL copies need not outlive the call.
    func offer(in context: OpaquePointer) -> Bool {
        // Other than its neighbours, this function returns 0 for success.
        SSL_CTX_set_alpn_protos(context, bytes.baseAddress, UInt32(bytes.count)) == 0
    }

    /// Lets `context` choose from the protocols that clients offer. The list must outlive the context's connections.
    func choose(in context: OpaquePointer) {
        SSL_CTX_set_alpn_select_cb(
            context,
            { _, chosen, chosenLength, offered, offeredLength, list in
                guard let chosen, let list else { return SSL_TLSEXT_ERR_ALERT_FATAL }
                let own = Unmanaged<ProtocolList>.fromOpaque(list).takeUnretainedValue().bytes
                var found: UnsafeMutablePointer<UInt8>?
                let result = SSL_select_next_proto(
                    &found,
                    chosenLength,
                    own.baseAddress,
                    UInt32(own.count),
                    offered,
                    offeredLength
                )
                guard result == OPENSSL_NPN_NEGOTIATED else {
                    // RFC 7301: no_application_protocol, rather than going on with a protocol that was not agreed on.
                    return SSL_TLSEXT_ERR_ALERT_FATAL
                }
                chosen.pointee = UnsafePointer(found)
                return SSL_TLSEXT_ERR_OK
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }
}
