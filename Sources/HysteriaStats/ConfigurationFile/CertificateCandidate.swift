/// A pair of files in which Hysteria's certificate and key may lie.
public struct CertificateCandidate: Sendable, Hashable {
    /// The path of the PEM file with the certificate chain.
    public let certificate: String

    /// The path of the PEM file with the private key.
    public let key: String

    /// The host name that the pair is for, where the configuration tells it.
    public let domain: String?

    /// Makes a candidate.
    public init(certificate: String, key: String, domain: String? = nil) {
        self.certificate = certificate
        self.key = key
        self.domain = domain
    }
}
