/// The files of an identity, both PEM, as absolute paths.
public struct CertificateFiles: Sendable, Hashable {
    /// The certificate and what stands between it and the authority.
    public let certificate: String
    /// The private key.
    public let key: String

    /// Makes a pair of paths.
    public init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}
