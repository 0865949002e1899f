import HysteriaStats

/// The files of an identity, both PEM, as absolute paths.
public struct CertificateFiles: Sendable {
    /// Who names the files.
    public enum Origin: Sendable {
        /// The key `certificates`.
        case certificates
        /// Hysteria's own configuration, the file at this path, and all the places where it may keep this identity.
        case hysteria(configuration: String, candidates: [CertificateCandidate])
    }

    /// The certificate and what stands between it and the authority.
    public let certificate: String
    /// The private key.
    public let key: String
    /// Where the certificate is named; nil where no configuration names it.
    public let certificatePlace: ConfigurationPlace?
    /// Where the key is named; nil where no configuration names it.
    public let keyPlace: ConfigurationPlace?
    /// Who names them.
    public let origin: Origin

    /// Makes a pair of paths.
    public init(
        certificate: String,
        key: String,
        certificatePlace: ConfigurationPlace? = nil,
        keyPlace: ConfigurationPlace? = nil,
        origin: Origin = .certificates
    ) {
        self.certificate = certificate
        self.key = key
        self.certificatePlace = certificatePlace
        self.keyPlace = keyPlace
        self.origin = origin
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
