import COpenSSL

/// The user inbound event that says that a connection is encrypted from now on, and what was agreed on.
public struct TLSHandshakeCompleted: Sendable {
    /// The application protocol (ALPN), or `nil` if the client offered none.
    public let applicationProtocol: String?

    /// The version of TLS.
    public let version: TLSVersion

    /// The cipher.
    public let cipher: TLSCipher

    /// Whether the client resumed an earlier session instead of doing a full handshake.
    public let isResumed: Bool

    /// The host name that the client asked for (SNI), if it did.
    public let serverName: String?

    /// The certificate of the peer; `nil` if it showed none.
    ///
    /// A server that verifies its clients has verified it, in this handshake or in the one whose session was resumed.
    /// Others never see one. A client has verified it unless it trusts anyone.
    public let peerCertificate: TLSPeerCertificate?

    init(
        applicationProtocol: String?,
        version: TLSVersion,
        cipher: TLSCipher,
        isResumed: Bool,
        serverName: String?,
        peerCertificate: TLSPeerCertificate? = nil
    ) {
        self.applicationProtocol = applicationProtocol
        self.version = version
        self.cipher = cipher
        self.isResumed = isResumed
        self.serverName = serverName
        self.peerCertificate = peerCertificate
    }
}

/// The cipher of a connection.
///
/// `@unchecked Sendable`: it points to an entry of a constant table in OpenSSL.
public struct TLSCipher: @unchecked Sendable, CustomStringConvertible {
    private let pointer: OpaquePointer?

    init(_ pointer: OpaquePointer?) {
        self.pointer = pointer
    }

    /// The number on the wire, such as 0x1301.
    public var wireValue: UInt16 {
        pointer.map(SSL_CIPHER_get_protocol_id) ?? 0
    }

    /// OpenSSL's name, such as `TLS_AES_128_GCM_SHA256`.
    public var description: String {
        // Computed on demand, so that a handshake that is not logged does not pay for it.
        SSL_CIPHER_get_name(pointer).map { String(cString: $0) } ?? "none"
    }
}

extension TLSConnection {
    /// What the handshake agreed on.
    func negotiated() -> TLSHandshakeCompleted {
        var name: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &name, &count)
        let applicationProtocol = name.map {
            String(decoding: UnsafeBufferPointer(start: $0, count: Int(count)), as: UTF8.self)
        }
        return TLSHandshakeCompleted(
            applicationProtocol: applicationProtocol,
            version: TLSVersion(wireValue: UInt16(truncatingIfNeeded: SSL_version(ssl))),
            cipher: TLSCipher(SSL_get_current_cipher(ssl)),
            isResumed: SSL_session_reused(ssl) == 1,
            serverName: SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name).map { String(cString: $0) },
            peerCertificate: TLSPeerCertificate(of: ssl)
        )
    }
}
