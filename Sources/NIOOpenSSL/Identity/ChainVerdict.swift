import COpenSSL

/// What OpenSSL says of a chain as a client that trusts its last certificate: whatever no rule of its own is written for,
/// such as name constraints, key identifiers that do not fit and explicit curve parameters.
///
/// Time and purposes are left out: they are told in words of their own.
struct ChainVerdict {
    private(set) var problems: [ChainInspection.Finding] = []

    init(_ certificates: [TLSCertificate]) {
        if let (reason, position) = Self.refusal(of: certificates, flags: 0) {
            problems = [(.refused(reason), position)]
        } else if !certificates[0].isSelfSigned,
            let (reason, position) = Self.refusal(of: certificates, flags: UInt(X509_V_FLAG_X509_STRICT))
        {
            problems = [(.strictlyRefused(reason), position)]
        }
    }

    private static func refusal(of certificates: [TLSCertificate], flags: UInt) -> (reason: String, position: Int)? {
        OpenSSLErrorQueue.clear()
        defer { OpenSSLErrorQueue.clear() }
        guard let store = X509_STORE_new(), let context = X509_STORE_CTX_new(), let others = COpenSSL_sk_X509_new(),
            let anchor = certificates.last
        else { return nil }
        defer {
            X509_STORE_CTX_free(context)
            X509_STORE_free(store)
            COpenSSL_sk_X509_free(others)
        }
        for certificate in certificates.dropFirst() where COpenSSL_sk_X509_push(others, certificate.pointer) <= 0 {
            return nil
        }
        guard X509_STORE_add_cert(store, anchor.pointer) == 1,
            X509_STORE_CTX_init(context, store, certificates[0].pointer, others) == 1
        else { return nil }
        X509_STORE_CTX_set_flags(context, UInt(X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME) | flags)
        guard X509_verify_cert(context) != 1 else { return nil }
        let error = X509_STORE_CTX_get_error(context)
        let position = Int(X509_STORE_CTX_get_error_depth(context))
        return (
            X509_verify_cert_error_string(Int(error)).map { String(cString: $0) } ?? "error \(error)",
            min(max(position, 0), certificates.count - 1)
        )
    }
}
