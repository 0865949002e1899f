import COpenSSL
import NIOCore

/// The TLS engine of one connection. It owns an `SSL`.
///
/// No call blocks: input comes from the buffer that is passed in, output is collected in `EngineBuffers`, from where the
/// caller takes it before it does anything else.
final class TLSConnection {
    /// What a record costs at most beyond what it carries.
    private static let recordOverhead = 64

    let ssl: OpaquePointer
    let buffers: EngineBuffers

    /// Kept for the callbacks that belong to it.
    private let context: TLSContext

    /// After a fatal error the engine may be asked for nothing more, a close_notify included.
    private var hasFailed = false

    /// The engine for a connection of `context` on the thread that `buffers` belong to.
    init(context: TLSContext, buffers: EngineBuffers) throws(TLSError) {
        OpenSSLErrorQueue.clear()
        guard let ssl = SSL_new(context.pointer) else {
            throw TLSError(.engine, "OpenSSL has no memory for a connection", reasons: OpenSSLErrorQueue.drain())
        }
        guard let bio = EngineBIO.make(over: buffers) else {
            SSL_free(ssl)
            throw TLSError(.engine, "OpenSSL has no memory for a connection", reasons: OpenSSLErrorQueue.drain())
        }
        // Gives the only reference to the BIO away: it is freed with the connection.
        SSL_set_bio(ssl, bio, bio)
        switch context.role {
        case .server: SSL_set_accept_state(ssl)
        case .client: SSL_set_connect_state(ssl)
        }
        self.ssl = ssl
        self.buffers = buffers
        self.context = context
    }

    /// One for a client that knows the name of its server, if `serverName` is given.
    convenience init(
        context: TLSContext,
        buffers: EngineBuffers,
        serverName: String?
    ) throws(TLSError) {
        try self.init(context: context, buffers: buffers)
        if let serverName { try setServerName(serverName) }
    }

    deinit {
        SSL_free(ssl)
    }

    /// Says which server a client wants: in the handshake (SNI), and in the check of its certificate.
    private func setServerName(_ name: String) throws(TLSError) {
        OpenSSLErrorQueue.clear()
        // As browsers check: no name but one among the alternative names counts, and `*` stands for a whole label.
        SSL_set_hostflags(ssl, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT))
        let accepted: Bool
        if IPAddressText.isAddress(name) {
            // An address is no name for SNI.
            accepted = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name) == 1
        } else {
            accepted = COpenSSL_SSL_set_tlsext_host_name(ssl, name) == 1 && SSL_set1_host(ssl, name) == 1
        }
        guard accepted else {
            throw TLSError(.configuration, "'\(name)' is no server name", reasons: OpenSSLErrorQueue.drain())
        }
    }

    /// Whether a challenge is answered here, and nothing else. The context says so; what was agreed on need not, as a client may
    /// offer something else in a second ClientHello.
    var isOfChallenge: Bool {
        ChallengeCallback.isOfChallenge(SSL_get_SSL_CTX(ssl))
    }

    /// Frees the keys of the key exchange, which OpenSSL would keep as long as the connection: 430 bytes, and a secret that
    /// nobody needs any more.
    func forgetEphemeralKeys() {
        OpenSSLErrorQueue.clear()
        COpenSSL_SSL_empty_tmp_keys(ssl)
    }

    // MARK: Steps

    /// Whether a client's first byte is that of a TLS record with a message of the handshake (RFC 8446, 5.1).
    static func mayBegin(with bytes: ByteBuffer) -> Bool {
        bytes.getInteger(at: bytes.readerIndex, as: UInt8.self) == 22
    }

    /// Goes on with the handshake as far as `bytes` allow, and takes what it needs of them.
    func handshake(_ bytes: inout ByteBuffer) -> HandshakeOutcome {
        OpenSSLErrorQueue.clear()
        let result = withInput(&bytes) { SSL_do_handshake(ssl) }
        if result == 1 {
            return .complete
        }
        if SSL_get_error(ssl, result) == SSL_ERROR_WANT_READ {
            return .needsInput
        }
        return .failed(handshakeError())
    }

    /// Decrypts `bytes` into the plaintext buffer, until they are used up or the buffer is full.
    func decrypt(_ bytes: inout ByteBuffer) -> DecryptOutcome {
        buffers.preparePlaintext()
        return withInput(&bytes) {
            while buffers.plaintext.writableBytes > 0 {
                OpenSSLErrorQueue.clear()
                var result: CInt = 0
                buffers.plaintext.writeWithUnsafeMutableBytes(minimumWritableBytes: 0) { space in
                    var count = 0
                    result = SSL_read_ex(ssl, space.baseAddress, space.count, &count)
                    return count
                }
                if result == 1 {
                    // The usual case: one record came, and asking for another would only cost.
                    if buffers.input.isEmpty, !hasPendingInput {
                        return .needsInput
                    }
                    continue
                }
                switch SSL_get_error(ssl, result) {
                case SSL_ERROR_WANT_READ:
                    return buffers.input.isEmpty ? .needsInput : .failed(fail(.noProgress, "OpenSSL reads no further"))
                case SSL_ERROR_ZERO_RETURN:
                    return .peerClosed
                default:
                    return .failed(fail(.engine, "the peer's data cannot be decrypted"))
                }
            }
            return .full
        }
    }

    /// Whether the engine holds bytes of the peer that it has not decrypted yet.
    var hasPendingInput: Bool {
        SSL_has_pending(ssl) == 1
    }

    /// Encrypts `bytes`, which may not be empty, or says why it cannot be done.
    func encrypt(_ bytes: UnsafeRawBufferPointer) -> TLSError? {
        let records = bytes.count / EngineBuffers.recordSize + 1
        buffers.reserveOutput(bytes.count + records * Self.recordOverhead)
        OpenSSLErrorQueue.clear()
        var written = 0
        guard SSL_write_ex(ssl, bytes.baseAddress, bytes.count, &written) == 1, written == bytes.count else {
            return fail(.engine, "the data cannot be encrypted")
        }
        return nil
    }

    /// Encrypts the first so many bytes of the small writes that the buffers have taken in.
    func encryptStaged(_ count: Int) -> TLSError? {
        encrypt(buffers.staged(count))
    }

    /// Tells the peer that nothing more follows. Does nothing after a fatal error.
    func sendCloseNotify() {
        guard !hasFailed else { return }
        OpenSSLErrorQueue.clear()
        if SSL_shutdown(ssl) < 0 {
            hasFailed = true
        }
    }

    /// Lets the engine read from `bytes` while `body` runs, and takes from them what it read.
    @inline(__always)
    private func withInput<Result>(_ bytes: inout ByteBuffer, _ body: () -> Result) -> Result {
        bytes.readWithUnsafeReadableBytes { input in
            buffers.input = input
            let result = body()
            let left = buffers.input.count
            buffers.input = UnsafeRawBufferPointer(start: nil, count: 0)
            return (input.count - left, result)
        }
    }

    // MARK: Errors

    private func fail(_ kind: TLSError.Kind, _ subject: String) -> TLSError {
        hasFailed = true
        return TLSError(kind, subject, reasons: OpenSSLErrorQueue.drain())
    }

    private func handshakeError() -> TLSError {
        let verification = Int(SSL_get_verify_result(ssl))
        if context.verifiesPeer, verification != Int(X509_V_OK) {
            let text = X509_verify_cert_error_string(verification).map { String(cString: $0) } ?? "unknown reason"
            let peer = context.role == .server ? "client" : "server"
            return fail(.verificationFailed, "the \(peer)'s certificate is refused: \(text)")
        }
        let last = ERR_peek_error()
        if ERR_GET_LIB(last) == ERR_LIB_SSL, ERR_GET_REASON(last) == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE {
            return fail(.verificationFailed, "the client shows no certificate")
        }
        if ERR_GET_LIB(last) == ERR_LIB_SSL,
            ERR_GET_REASON(last) == SSL_R_HTTP_REQUEST || ERR_GET_REASON(last) == SSL_R_HTTPS_PROXY_REQUEST
        {
            return fail(.plainText, "the peer speaks plain HTTP where TLS is expected")
        }
        return fail(.handshakeFailed, "the TLS handshake failed")
    }
}

extension TLSConnection {
    /// How far the handshake went.
    enum HandshakeOutcome {
        case needsInput
        case complete
        case failed(TLSError)
    }

    /// Why decrypting stopped. In every case plaintext may have come before.
    enum DecryptOutcome {
        /// Everything was decrypted.
        case needsInput
        /// The plaintext buffer is full; there is more.
        case full
        /// The peer's close_notify came.
        case peerClosed
        case failed(TLSError)
    }
}
