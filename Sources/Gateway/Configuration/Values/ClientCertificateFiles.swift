import NIOOpenSSL

/// Which certificates callers have to show: `clientCertificates` in the configuration, paths absolute.
public struct ClientCertificateFiles: Sendable, Hashable {
    /// The authorities that vouch for callers, PEM.
    public let authority: String
    /// Whether a caller without a certificate is refused.
    public let isRequired: Bool
    /// The certificates that are not good any more, PEM; nil where none are revoked.
    public let revocationList: String?

    /// Makes a rule of files.
    public init(authority: String, isRequired: Bool = true, revocationList: String? = nil) {
        self.authority = authority
        self.isRequired = isRequired
        self.revocationList = revocationList
    }

    /// Reads the files.
    public func load() throws(TLSError) -> TLSClientVerification {
        try TLSClientVerification(
            authorityFile: authority,
            revocationListFile: revocationList,
            isRequired: isRequired
        )
    }
}
