import NIOOpenSSL
import OpenSSLCrypto

/// Reads `tls`, and lets OpenSSL judge what it is to use.
struct TLSReader {
    static let keys = ["minimumVersion", "ciphers", "cipherSuites", "groups", "sessionTickets", "ticketKeyFile"]

    private static let versions: [(name: String, version: TLSVersion)] = [("1.2", .v1_2), ("1.3", .v1_3)]

    /// How nginx, HAProxy, Caddy and Traefik write them.
    private static let spelt = [
        "tlsv1.2": "1.2", "tls1.2": "1.2", "tls12": "1.2", "versiontls12": "1.2", "tls 1.2": "1.2",
        "tlsv1.3": "1.3", "tls1.3": "1.3", "tls13": "1.3", "versiontls13": "1.3", "tls 1.3": "1.3",
    ]

    private let top: YAMLMapping
    private let files: ReferencedFiles

    init(_ top: YAMLMapping, _ files: ReferencedFiles) {
        self.top = top
        self.files = files
    }

    /// The settings, defaults where nothing is said; nil, and problems noted, where one of them cannot be used.
    func read() -> TLSSettings? {
        var settings = TLSSettings()
        guard let value = top["tls"] else { return settings }
        guard let mapping = value.mapping(keys: TLSReader.keys) else { return nil }
        var isWhole = true

        func take<Value>(
            _ key: String,
            _ field: WritableKeyPath<TLSSettings, Value>,
            _ read: (YAMLValue) -> Value?
        ) {
            guard let value = mapping[key] else { return }
            guard let read = read(value) else { return isWhole = false }
            settings[keyPath: field] = read
        }
        take("minimumVersion", \.negotiation.minimumVersion, version)
        take("ciphers", \.negotiation.cipherList) {
            names(
                $0,
                "TLS 1.2 ciphers in OpenSSL's names",
                example: "ECDHE-ECDSA-AES128-GCM-SHA256",
                TLSConfiguration.checkCipher
            )
        }
        take("cipherSuites", \.negotiation.cipherSuites) {
            names(
                $0,
                "TLS 1.3 cipher suites",
                example: "TLS_AES_128_GCM_SHA256",
                TLSConfiguration.checkCipherSuite
            )
        }
        take("groups", \.negotiation.groups) {
            names($0, "groups for the key exchange", example: "X25519, prime256v1", TLSReader.checkGroup)
        }
        take("sessionTickets", \.negotiation.sessionTickets) { $0.boolean() }
        take("ticketKeyFile", \.ticketKeyFile) { keyFile($0).map(Optional.some) }
        guard isWhole else { return nil }

        if settings.ticketKeyFile != nil, !settings.negotiation.sessionTickets {
            mapping["ticketKeyFile"]?.warn("has no effect: sessionTickets is false")
        }
        do {
            try settings.negotiation.check()
        } catch {
            value.fail("\(error)")
            return nil
        }
        return settings
    }

    private func version(_ value: YAMLValue) -> TLSVersion? {
        value.word(among: TLSReader.versions.map(\.name), kind: "version of TLS that is served", meanings: Self.spelt)
            .flatMap { name in TLSReader.versions.first { $0.name == name }?.version }
    }

    /// The names of a list, each of which OpenSSL knows.
    private func names(
        _ value: YAMLValue,
        _ what: String,
        example: String,
        _ check: (String) throws(TLSError) -> Void
    ) -> [String]? {
        guard let values = value.list(of: what, example: "[\(example)]", separators: ":") else { return nil }
        let names = values.compactMap { value -> String? in
            guard let name = value.text(expected: "one of the \(what)") else { return nil }
            // Whatever else it is, it would tear the line that OpenSSL's words stand on.
            guard !name.isEmpty, name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                value.fail("found \(Excerpt.quote(name))", expected: "one of the \(what)")
                return nil
            }
            do throws(TLSError) {
                try check(name)
                return name
            } catch {
                value.fail("\(error)")
                return nil
            }
        }
        return names.count == values.count ? names : nil
    }

    /// What the defaults name may be missing in an older OpenSSL: then it is left out here as it is there.
    private static func checkGroup(_ name: String) throws(TLSError) {
        if TLSSettings().negotiation.groups.contains(name) { return }
        try TLSConfiguration.checkGroup(name)
    }

    /// The path of a key file whose content and permissions are good.
    private func keyFile(_ value: YAMLValue) -> String? {
        guard let path = files.path(value, expected: "the path of a file with ticket keys"),
            var content = files.content(value, path, limit: 16 * 1024)
        else { return nil }
        defer { content.withUnsafeMutableBytes { SecretBytes.cleanse($0) } }
        do {
            try TLSTicketKeys.validate(fileContent: content, source: path)
        } catch {
            value.fail("\(error)")
            return nil
        }
        return files.checkPrivate(path, holding: "ticket keys", for: value) ? path : nil
    }
}
