import NIOOpenSSL

/// Reads `clientCertificates`, that of the gateway and those of single addresses.
struct ClientCertificatesReader {
    static let keys = ["authority", "required", "revocationList"]

    /// What an address says that asks for none.
    private static let none = "none"
    private static let authority = "the path of a PEM file with the authorities that vouch for callers"
    private static let revocationList = "the path of a PEM file with certificate revocation lists"
    /// No authority's list comes near this.
    private static let limit = 4 * 1024 * 1024

    /// How reading went.
    enum Outcome {
        /// Callers need no certificate.
        case absent
        /// These files say whose.
        case found(ClientCertificateFiles)
        /// Problems are noted.
        case unusable
    }

    private let files: ReferencedFiles

    init(_ files: ReferencedFiles) {
        self.files = files
    }

    /// What holds at one address; nil, and problems noted, where that cannot be used.
    func readOwn(_ value: YAMLValue?) -> ListenerClientCertificates? {
        guard let value else { return .inherited }
        if value.node.scalar?.string == Self.none { return .notAsked }
        guard value.isMapping else {
            let keys = Self.keys.joined(separator: ", ")
            value.fail("found \(value.kindInWords)", expected: "the keys \(keys), or \(Self.none)")
            return nil
        }
        guard case .found(let files) = read(value) else { return nil }
        return .own(files)
    }

    /// The files, read once to make sure that OpenSSL understands them.
    func read(_ value: YAMLValue?) -> Outcome {
        guard let value else { return .absent }
        guard let mapping = value.mapping(keys: Self.keys) else { return .unusable }
        var authorities: [TLSCertificate] = []
        let authority = mapping.required("authority", expected: Self.authority).flatMap { value in
            path(value, Self.authority) { content, path throws(TLSError) in
                authorities = try TLSCertificate.read(pem: content, source: path)
            }
        }
        var isWhole = authority != nil
        var isRequired = true
        if let value = mapping["required"] {
            let read = value.boolean()
            isRequired = read ?? true
            isWhole = isWhole && read != nil
        }
        var revocationList: String?
        if let value = mapping["revocationList"] {
            var lists: [TLSRevocationList] = []
            revocationList = path(value, Self.revocationList) { content, path throws(TLSError) in
                lists = try TLSRevocationList.read(pem: content, source: path)
            }
            isWhole = isWhole && revocationList != nil
            if let authority, let revocationList {
                let check = RevocationListCheck(
                    verification: TLSClientVerification(authorities: authorities, revocationLists: lists),
                    now: files.environment.now()
                )
                isWhole = check.note(revocationList, authority, for: value) && isWhole
            }
        }
        guard isWhole, let authority else { return .unusable }
        return .found(
            ClientCertificateFiles(authority: authority, isRequired: isRequired, revocationList: revocationList)
        )
    }

    private func path(
        _ value: YAMLValue,
        _ expected: String,
        _ check: ([UInt8], String) throws(TLSError) -> Void
    ) -> String? {
        guard let path = files.path(value, expected: expected),
            let content = files.content(value, path, limit: Self.limit)
        else { return nil }
        do throws(TLSError) {
            try check(content, path)
            return path
        } catch {
            value.fail("\(error)", expected: expected, advice: error.advice)
            return nil
        }
    }
}
