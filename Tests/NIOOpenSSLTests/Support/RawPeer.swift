import COpenSSL
import NIOCore
import NIOEmbedded
import NIOOpenSSL
import Testing

/// A client on OpenSSL's own interface, which does what ours would never do.
final class RawPeer {
    private let context: OpaquePointer
    let ssl: OpaquePointer
    private let input: OpaquePointer
    private let output: OpaquePointer

    /// The last error that a call left.
    private(set) var lastError = ""

    init(
        oldest: CInt = TLS1_2_VERSION,
        newest: CInt = 0,
        resuming session: RawSession? = nil,
        identity: TLSIdentity? = nil
    ) throws {
        let context = try #require(SSL_CTX_new(TLS_client_method()))
        COpenSSL_SSL_CTX_set_min_proto_version(context, oldest)
        COpenSSL_SSL_CTX_set_max_proto_version(context, newest)
        // Level 0 allows what the test is about to be refused.
        SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0")
        if let identity {
            try Self.use(identity, in: context)
        }
        self.context = context
        ssl = try #require(SSL_new(context))
        input = try #require(BIO_new(BIO_s_mem()))
        output = try #require(BIO_new(BIO_s_mem()))
        SSL_set_bio(ssl, input, output)
        SSL_set_connect_state(ssl)
        if let session {
            SSL_set_session(ssl, session.pointer)
        }
    }

    deinit {
        // A session whose connection did not end well may not be resumed.
        SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN)
        SSL_free(ssl)
        SSL_CTX_free(context)
    }

    /// Lets the client prove itself with a certificate.
    private static func use(_ identity: TLSIdentity, in context: OpaquePointer) throws {
        func read<Object>(_ pem: [UInt8], _ body: (OpaquePointer) -> Object?) throws -> Object {
            let bio = try #require(BIO_new_mem_buf(pem, CInt(pem.count)))
            defer { BIO_free(bio) }
            return try #require(body(bio))
        }
        let certificate = try read(identity.certificateChainPEM) { bio in
            let leaf = PEM_read_bio_X509(bio, nil, nil, nil)
            // What is behind it belongs to the certificate that the context uses at that moment.
            SSL_CTX_use_certificate(context, leaf)
            while let further = PEM_read_bio_X509(bio, nil, nil, nil) {
                COpenSSL_SSL_CTX_add1_chain_cert(context, further)
                X509_free(further)
            }
            ERR_clear_error()
            return leaf
        }
        defer { X509_free(certificate) }
        let key = try read(identity.privateKeyPEM) { PEM_read_bio_PrivateKey($0, nil, nil, nil) }
        defer { EVP_PKEY_free(key) }
        try #require(SSL_CTX_use_PrivateKey(context, key) == 1)
    }

    /// Carries bytes to and fro, and does this side's part of the handshake, until nothing moves.
    @discardableResult
    func handshake(with channel: EmbeddedChannel) throws -> Bool {
        var done = false
        for _ in 0..<20 {
            ERR_clear_error()
            done = SSL_do_handshake(ssl) == 1
            noteError()
            let moved = try exchange(with: channel)
            if done && !moved {
                break
            }
        }
        return done
    }

    /// Carries what both sides have sent. Returns whether there was anything.
    @discardableResult
    func exchange(with channel: EmbeddedChannel) throws -> Bool {
        var moved = false
        let sent = take()
        if sent.readableBytes > 0 {
            moved = true
            _ = try? channel.writeInbound(sent)
        }
        while let received = try channel.readOutbound(as: ByteBuffer.self) {
            moved = true
            give(received)
        }
        return moved
    }

    /// What this side has to send.
    func take() -> ByteBuffer {
        var bytes = ByteBuffer()
        bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: 1 << 20) { space in
            max(0, Int(BIO_read(output, space.baseAddress, CInt(space.count))))
        }
        return bytes
    }

    /// Bytes from the other side.
    func give(_ bytes: ByteBuffer) {
        bytes.withUnsafeReadableBytes { _ = BIO_write(input, $0.baseAddress, CInt($0.count)) }
    }

    func write(_ text: String) {
        ERR_clear_error()
        SSL_write(ssl, text, CInt(text.utf8.count))
        noteError()
    }

    func read() -> String {
        ERR_clear_error()
        var bytes = [UInt8](repeating: 0, count: 100_000)
        let count = SSL_read(ssl, &bytes, CInt(bytes.count))
        noteError()
        return String(decoding: bytes[..<max(0, Int(count))], as: UTF8.self)
    }

    /// The session with the newest ticket.
    func session() throws -> RawSession {
        try RawSession(owning: #require(SSL_get1_session(ssl)))
    }

    private func noteError() {
        let code = ERR_peek_last_error()
        if code != 0, let text = ERR_reason_error_string(code) {
            lastError = String(cString: text)
        }
    }
}

/// A session that a later connection can resume.
///
/// `@unchecked Sendable`: OpenSSL counts references to a session atomically, and nothing here changes one.
final class RawSession: @unchecked Sendable {
    let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        SSL_SESSION_free(pointer)
    }
}
