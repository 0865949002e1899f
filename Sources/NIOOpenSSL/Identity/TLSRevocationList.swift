import COpenSSL

/// A certificate revocation list: what an authority does not vouch for any more.
///
/// `@unchecked Sendable`: the list is complete when `init` returns and nothing changes it afterwards. OpenSSL counts
/// references to an `X509_CRL` atomically and locks what it caches in one.
public final class TLSRevocationList: @unchecked Sendable {
    /// The list, for as long as this object lives.
    let pointer: OpaquePointer

    /// The authority that made the list, as `CN=Example CA,O=Example`.
    public let issuer: String

    /// The first second in which it is valid, in seconds since 1970.
    public let thisUpdate: Int64

    /// When the next list is due, in seconds since 1970; `nil` if the list does not say. From then on, it is out of
    /// date and every certificate of the authority is refused.
    public let nextUpdate: Int64?

    /// The SHA-256 of the list.
    let digest: [UInt8]

    /// Takes over a reference to `pointer`.
    private init(owning pointer: OpaquePointer) {
        self.pointer = pointer
        issuer = CertificateInspection.name(X509_CRL_get_issuer(pointer))
        thisUpdate = CertificateInspection.seconds(X509_CRL_get0_lastUpdate(pointer))
        nextUpdate = X509_CRL_get0_nextUpdate(pointer).map { CertificateInspection.seconds($0) }
        var digest = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 32
        if X509_CRL_digest(pointer, EVP_sha256(), &digest, &count) != 1 {
            digest = []
        }
        self.digest = digest
        OpenSSLErrorQueue.clear()
    }

    deinit {
        X509_CRL_free(pointer)
    }

    /// The lists in a file in PEM form, at least one. Errors name the file.
    public static func read(file: String) throws(TLSError) -> [TLSRevocationList] {
        try read(pem: try PEMFile.read(file), source: file)
    }

    /// The lists in `pem`, at least one.
    ///
    /// - Parameter source: What errors call it.
    public static func read(pem: [UInt8], source: String) throws(TLSError) -> [TLSRevocationList] {
        try PEMFile.all("certificate revocation list", labelled: ["X509 CRL"], in: pem, source: source) { bio in
            PEM_read_bio_X509_CRL(bio, nil, nil, nil).map { TLSRevocationList(owning: $0) }
        }
    }
}

extension TLSRevocationList: Hashable {
    /// Two lists are the same if all their bytes are.
    public static func == (left: TLSRevocationList, right: TLSRevocationList) -> Bool {
        left.digest == right.digest
    }

    /// Hashes the digest.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(digest)
    }
}

extension TLSRevocationList {
    /// Why a list does not do what it is there for.
    public enum Fault: Sendable, Hashable {
        /// None of the authorities made it.
        case ofAnotherAuthority
        /// It names one of the authorities, and another key signed it.
        case signedByAnotherKey
        /// It only adds to another list (RFC 5280, 5.2.4), which OpenSSL does not put together.
        case isDelta
        /// It is valid from a point in time on that has not come.
        case notYetValid
        /// A newer one was due.
        case outOfDate
    }

    /// Why the list does not do what it is there for beside these authorities; nil where nothing is known against it.
    ///
    /// - Parameter now: Seconds since 1970.
    public func fault(among authorities: [TLSCertificate], at now: Int64) -> Fault? {
        defer { OpenSSLErrorQueue.clear() }
        let named = authorities.filter {
            X509_NAME_cmp(X509_get_subject_name($0.pointer), X509_CRL_get_issuer(pointer)) == 0
        }
        guard !named.isEmpty else { return .ofAnotherAuthority }
        let isSigned = named.contains { authority in
            X509_get0_pubkey(authority.pointer).map { X509_CRL_verify(pointer, $0) == 1 } ?? false
        }
        guard isSigned else { return .signedByAnotherKey }
        if X509_CRL_get_ext_by_NID(pointer, NID_delta_crl, -1) >= 0 { return .isDelta }
        if thisUpdate > now { return .notYetValid }
        return nextUpdate.map { $0 <= now } ?? false ? .outOfDate : nil
    }
}

extension TLSClientVerification {
    /// Why OpenSSL rejects every certificate of one of the authorities; nil if it does not.
    ///
    /// The authority's own certificate is verified by the lists, as it is at the end of every client's chain. Time is left
    /// out: it passes.
    public func refusal(of authority: TLSCertificate) -> String? {
        guard !revocationLists.isEmpty else { return nil }
        OpenSSLErrorQueue.clear()
        defer { OpenSSLErrorQueue.clear() }
        guard let store = X509_STORE_new(), let context = X509_STORE_CTX_new() else { return nil }
        defer {
            X509_STORE_CTX_free(context)
            X509_STORE_free(store)
        }
        for authority in authorities where X509_STORE_add_cert(store, authority.pointer) != 1 { return nil }
        for list in revocationLists where X509_STORE_add_crl(store, list.pointer) != 1 { return nil }
        guard X509_STORE_CTX_init(context, store, authority.pointer, nil) == 1 else { return nil }
        let flags = X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL
        X509_STORE_CTX_set_flags(context, UInt(flags | X509_V_FLAG_NO_CHECK_TIME))
        guard X509_verify_cert(context) != 1 else { return nil }
        let error = X509_STORE_CTX_get_error(context)
        return X509_verify_cert_error_string(Int(error)).map { String(cString: $0) } ?? "error \(error)"
    }
}
