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
