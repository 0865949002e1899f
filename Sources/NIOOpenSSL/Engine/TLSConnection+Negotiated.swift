import COpenSSL

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
