/// How a server makes sure who its clients are: by certificates that authorities of its choice vouch for.
public struct TLSClientVerification: Sendable, Hashable {
    /// Who may vouch for clients; at least one. An intermediate authority is enough: it need not be a root.
    ///
    /// Their names are sent to clients, as a hint which certificate to choose.
    public var authorities: [TLSCertificate]

    /// The certificates that are not good any more. With at least one list, each authority on the way from a client's
    /// certificate to the one that is trusted needs a list that is not out of date, or the client is refused.
    public var revocationLists: [TLSRevocationList]

    /// Whether a client without a certificate is refused. One with a bad certificate is refused in either case.
    public var isRequired: Bool

    /// How many intermediate certificates there may be between a client's and the trusted one.
    public var maximumDepth = 4

    /// Trusts `authorities`.
    public init(authorities: [TLSCertificate], revocationLists: [TLSRevocationList] = [], isRequired: Bool = true) {
        self.authorities = authorities
        self.revocationLists = revocationLists
        self.isRequired = isRequired
    }

    /// Trusts the authorities in a file.
    ///
    /// - Parameters:
    ///   - authorityFile: Certificates in PEM form, at least one.
    ///   - revocationListFile: Certificate revocation lists in PEM form, at least one.
    ///   - isRequired: Whether a client without a certificate is refused.
    /// - Throws: ``TLSError`` that names the file.
    public init(authorityFile: String, revocationListFile: String? = nil, isRequired: Bool = true) throws(TLSError) {
        var lists: [TLSRevocationList] = []
        if let revocationListFile {
            lists = try TLSRevocationList.read(file: revocationListFile)
        }
        self.init(
            authorities: try PEMFile.certificates(in: try PEMFile.read(authorityFile), source: authorityFile),
            revocationLists: lists,
            isRequired: isRequired
        )
    }
}
