/// The files of an identity, both PEM, as absolute paths.
public struct CertificateFiles: Sendable {
    /// The certificate and what stands between it and the authority.
    public let certificate: String
    /// The private key.
    public let key: String
    /// Where the certificate is named; nil where no configuration names it.
    public let certificatePlace: ConfigurationPlace?
    /// Where the key is named; nil where no configuration names it.
    public let keyPlace: ConfigurationPlace?

    /// Makes a pair of paths.
    public init(
        certificate: String,
        key: String,
        certificatePlace: ConfigurationPlace? = nil,
        keyPlace: ConfigurationPlace? = nil
    ) {
        self.certificate = certificate
        self.key = key
        self.certificatePlace = certificatePlace
        self.keyPlace = keyPlace
    }
}

extension CertificateFiles: Hashable {
    /// Two pairs are the same if their files are, wherever they are named.
    public static func == (left: CertificateFiles, right: CertificateFiles) -> Bool {
        left.certificate == right.certificate && left.key == right.key
    }

    /// Hashes the paths.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(certificate)
        hasher.combine(key)
    }
}
