import COpenSSL

extension TLSContext {
    /// Makes a server ask its clients for certificates and believe these authorities.
    func use(_ verification: TLSClientVerification) throws(TLSError) {
        try require(!verification.authorities.isEmpty, "client certificates without an authority")
        OpenSSLErrorQueue.clear()
        SSL_CTX_set_verify(
            pointer,
            SSL_VERIFY_PEER | (verification.isRequired ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
            nil
        )
        SSL_CTX_set_verify_depth(pointer, CInt(clamping: verification.maximumDepth))
        let store = SSL_CTX_get_cert_store(pointer)
        for authority in verification.authorities {
            try require(
                X509_STORE_add_cert(store, authority.pointer) == 1
                    && SSL_CTX_add_client_CA(pointer, authority.pointer) == 1,
                "the client authority \(authority.subject)"
            )
        }
        var flags = UInt(X509_V_FLAG_PARTIAL_CHAIN)
        for list in verification.revocationLists {
            try require(X509_STORE_add_crl(store, list.pointer) == 1, "the revocation list of \(list.issuer)")
            flags |= UInt(X509_V_FLAG_CRL_CHECK) | UInt(X509_V_FLAG_CRL_CHECK_ALL)
        }
        try require(X509_STORE_set_flags(store, flags) == 1, "the rules for client certificates")
    }
}
