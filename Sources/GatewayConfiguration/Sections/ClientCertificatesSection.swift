import NIOOpenSSL

/// Which certificates callers have to show: `clientCertificates` in the configuration, paths absolute.
package struct ClientCertificateFiles: Sendable, Hashable {
    /// The authorities that issue client certificates, PEM.
    package let authority: String
    /// Whether a caller without a certificate is refused.
    package let isRequired: Bool
    /// The certificates that are not good any more, PEM; nil where none are revoked.
    let revocationList: String?

    /// Makes a rule of files.
    package init(authority: String, isRequired: Bool = true, revocationList: String? = nil) {
        self.authority = authority
        self.isRequired = isRequired
        self.revocationList = revocationList
    }

    /// Reads the files.
    package func load() throws(TLSError) -> TLSClientVerification {
        try TLSClientVerification(
            authorityFile: authority,
            revocationListFile: revocationList,
            isRequired: isRequired
        )
    }
}

/// Which certificates callers have to show at one address: `clientCertificates` in an entry of `listen`.
package enum ListenerClientCertificates: Sendable, Hashable {
    /// Nothing is said here: those that hold for the gateway.
    case inherited
    /// None, whatever holds for the gateway: `none`.
    case notAsked
    /// These, in place of those that hold for the gateway.
    case own(ClientCertificateFiles)
}

/// `clientCertificates`: which certificates callers have to show, at all addresses and at single ones.
package enum ClientCertificatesSection: ConfigurationSection {
    /// Nil where callers need none.
    package typealias Value = ClientCertificateFiles?
    package static let key = "clientCertificates"
    package static let mapping: SectionMapping? = SectionMapping(keys: ["authority", "required", "revocationList"])
    package static let defaultValue: ClientCertificateFiles?? = .some(nil)

    /// What an address says that asks for none.
    private static let none = "none"
    private static let expectedAuthority = "the path of a PEM file with the authorities that issue client certificates"
    private static let expectedRevocationList = "the path of a PEM file with certificate revocation lists"
    /// No authority's list comes near this.
    private static let limit = 4 * 1024 * 1024

    package static func read(_ value: YAMLValue, in reader: SectionReader) -> ClientCertificateFiles?? {
        if let listen = reader.value(of: ListenSection.self),
            !listen.contains(where: { $0.clientCertificates == .inherited })
        {
            value.warn("has no effect: every entry of 'listen' has its own")
        }
        return readFiles(value, reader.files).map(Optional.some)
    }

    /// What holds at one address; nil, and problems noted, where that cannot be used.
    static func readOwn(_ value: YAMLValue?, in reader: SectionReader) -> ListenerClientCertificates? {
        guard let value else { return .inherited }
        if value.node.scalar?.string == none { return .notAsked }
        guard value.isMapping else {
            let keys = (mapping?.keys ?? []).joined(separator: ", ")
            value.fail("found \(value.kindInWords)", expected: "the keys \(keys), or \(none)")
            return nil
        }
        return readFiles(value, reader.files).map(ListenerClientCertificates.own)
    }

    /// The files, read once to make sure that OpenSSL understands them.
    private static func readFiles(_ value: YAMLValue, _ files: ReferencedFiles) -> ClientCertificateFiles? {
        guard let keys = value.mapping(of: Self.self) else { return nil }
        var authorities: [TLSCertificate] = []
        let authority = keys.required("authority", expected: expectedAuthority).flatMap { value in
            path(value, files, expectedAuthority) { content, path throws(TLSError) in
                authorities = try TLSCertificate.read(pem: content, source: path)
            }
        }
        var isWhole = authority != nil
        var isRequired = true
        if let value = keys["required"] {
            let read = value.boolean()
            isRequired = read ?? true
            isWhole = isWhole && read != nil
        }
        var revocationList: String?
        if let value = keys["revocationList"] {
            var lists: [TLSRevocationList] = []
            revocationList = path(value, files, expectedRevocationList) { content, path throws(TLSError) in
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
        guard isWhole, let authority else { return nil }
        return ClientCertificateFiles(authority: authority, isRequired: isRequired, revocationList: revocationList)
    }

    private static func path(
        _ value: YAMLValue,
        _ files: ReferencedFiles,
        _ expected: String,
        _ check: ([UInt8], String) throws(TLSError) -> Void
    ) -> String? {
        guard let path = files.path(value, expected: expected),
            let content = files.content(value, path, limit: limit)
        else { return nil }
        do throws(TLSError) {
            try check(content, path)
            return path
        } catch {
            value.fail("\(error)", expected: expected, advice: error.advice)
            return nil
        }
    }

    /// What is in the files counts, wherever they lie.
    package static func taken(from old: LoadedConfiguration, to new: LoadedConfiguration) -> [String] {
        taken(key, from: old.clientVerification, to: new.clientVerification)
    }

    /// The same at a place that asks for certificates.
    package static func taken(
        _ key: String,
        from old: TLSClientVerification?,
        to new: TLSClientVerification?
    ) -> [String] {
        guard let old, let new else { return old == new ? [] : [key] }
        var keys: [String] = []
        if old.authorities != new.authorities { keys.append("\(key).authority") }
        if old.revocationLists != new.revocationLists { keys.append("\(key).revocationList") }
        if old.isRequired != new.isRequired { keys.append("\(key).required") }
        return keys
    }

    package static func waiting(running: Configuration, new: Configuration) -> [String] { [] }
}

extension Configuration {
    /// Which certificates callers have to show where their address says nothing else; nil where none are asked for.
    package var clientCertificates: ClientCertificateFiles? { self[ClientCertificatesSection.self] }
}
