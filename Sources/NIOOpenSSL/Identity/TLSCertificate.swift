import COpenSSL

/// An X.509 certificate and what it says.
///
/// `@unchecked Sendable`: the certificate is complete when `init` returns and nothing changes it afterwards. OpenSSL
/// counts references to an `X509` atomically and locks what it caches in one.
public final class TLSCertificate: @unchecked Sendable {
    /// The certificate, for as long as this object lives.
    let pointer: OpaquePointer

    /// Whom the certificate is for, as `CN=example.org,O=Example`.
    public let subject: String

    /// Who vouches for it, in the same form. The same as `subject` for one that is self-signed.
    public let issuer: String

    /// The names and addresses it is for (subject alternative names): host names first, then IP addresses.
    public let names: [String]

    /// The first second in which it is valid, in seconds since 1970.
    public let notBefore: Int64

    /// The last second in which it is valid, in seconds since 1970.
    public let notAfter: Int64

    /// The serial number in lower-case hexadecimal digits.
    public let serial: String

    /// The SHA-256 of the certificate in lower-case hexadecimal digits.
    public let sha256: String

    /// Whether it may vouch for others.
    public let isCA: Bool

    /// The kind and the size of the public key, such as `EC prime256v1` or `RSA 2048 bits`.
    public let publicKeyDescription: String

    /// The algorithm of the public key alone, such as `EC` or `RSA`.
    public var keyAlgorithm: String {
        String(publicKeyDescription.prefix { $0 != " " })
    }

    /// Takes over a reference to `pointer`.
    init(owning pointer: OpaquePointer) {
        let inspection = CertificateInspection(certificate: pointer)
        self.pointer = pointer
        subject = CertificateInspection.name(X509_get_subject_name(pointer))
        issuer = CertificateInspection.name(X509_get_issuer_name(pointer))
        names = inspection.alternativeNames
        notBefore = CertificateInspection.seconds(X509_get0_notBefore(pointer))
        notAfter = CertificateInspection.seconds(X509_get0_notAfter(pointer))
        serial = inspection.serial
        sha256 = inspection.sha256
        isCA = X509_check_ca(pointer) == 1
        publicKeyDescription = inspection.publicKey
        // What the certificate lacks leaves errors in the queue that are no failure.
        OpenSSLErrorQueue.clear()
    }

    deinit {
        X509_free(pointer)
    }

    /// The certificates in `pem`, at least one. Text between them is skipped.
    ///
    /// - Parameter source: What errors call it.
    public static func read(pem: [UInt8], source: String) throws(TLSError) -> [TLSCertificate] {
        try PEMFile.certificates(in: pem, source: source)
    }

    /// Whether the certificate is for `name`: a host name, literally or by a wildcard for its first label, or an
    /// address.
    ///
    /// The subject's common name is not looked at, as no browser does.
    public func covers(name: String) -> Bool {
        guard !name.isEmpty, !name.hasPrefix("."), !name.utf8.contains(0) else { return false }
        defer { OpenSSLErrorQueue.clear() }
        // No client accepts an address among the host names.
        if IPAddressText.isAddress(name) {
            return X509_check_ip_asc(pointer, name, 0) == 1
        }
        let flags = UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT)
        return X509_check_host(pointer, name, name.utf8.count, flags, nil) == 1
    }

    /// The certificate's bytes, in DER form.
    public var der: [UInt8] {
        var start: UnsafeMutablePointer<UInt8>?
        let count = i2d_X509(pointer, &start)
        defer { CRYPTO_free(start, #file, #line) }
        return Array(UnsafeBufferPointer(start: start, count: max(0, Int(count))))
    }

    /// Whether the private key belongs to this certificate.
    func matches(_ key: PrivateKey) -> Bool {
        defer { OpenSSLErrorQueue.clear() }
        return X509_check_private_key(pointer, key.pointer) == 1
    }
}

extension TLSCertificate: Hashable {
    /// Two certificates are the same if all their bytes are.
    public static func == (left: TLSCertificate, right: TLSCertificate) -> Bool {
        left.sha256 == right.sha256
    }

    /// Hashes the fingerprint.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(sha256)
    }
}

extension TLSCertificate: CustomStringConvertible {
    /// The subject, and the names if there are any.
    public var description: String {
        names.isEmpty ? subject : "\(subject) (\(names.joined(separator: ", ")))"
    }
}
