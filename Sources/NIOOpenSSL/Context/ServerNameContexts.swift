import COpenSSL
import Glibc

/// The contexts among which a server chooses by the name that a client asks for.
///
/// The context of a connection's beginning stays the owner of its session: ticket keys and session id context are its
/// own, whatever is chosen here, so a session is resumed under any of the names.
final class ServerNameContexts: Sendable {
    private let names: ServerNameTable
    private let further: [TLSContext]

    /// - Parameters:
    ///   - names: Each name with 0 for the first context, or the number of a further one.
    ///   - further: The contexts from number 1 on.
    init(names: ServerNameTable, further: [TLSContext]) {
        self.names = names
        self.further = further
    }

    /// Lets `context` choose. This object must outlive the context's connections.
    func choose(in context: OpaquePointer) {
        COpenSSL_SSL_CTX_set_tlsext_servername_callback(
            context,
            { ssl, _, contexts in
                guard let ssl, let contexts else { return SSL_TLSEXT_ERR_NOACK }
                return Unmanaged<ServerNameContexts>.fromOpaque(contexts).takeUnretainedValue().switchContext(of: ssl)
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    private func switchContext(of ssl: OpaquePointer) -> CInt {
        // An unknown name is served by the first context, and not acknowledged.
        guard let asked = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name),
            let number = names.number(of: UnsafeRawBufferPointer(start: asked, count: strlen(asked)))
        else {
            return SSL_TLSEXT_ERR_NOACK
        }
        guard number > 0 else { return SSL_TLSEXT_ERR_OK }
        return SSL_set_SSL_CTX(ssl, further[number - 1].pointer) == nil
            ? SSL_TLSEXT_ERR_ALERT_FATAL : SSL_TLSEXT_ERR_OK
    }
}
