import NIOOpenSSL
import OpenSSLCrypto

/// What the operator decides about TLS: `tls` in the configuration, the defaults where nothing is said.
package struct TLSSettings: Sendable, Hashable {
    /// Versions, ciphers, groups, and whether tickets are given. The defaults are those of
    /// ``TLSConfiguration/intermediate(applicationProtocols:)``, the one place where they stand.
    package var negotiation: TLSConfiguration
    /// The file with the keys of session tickets that several gateways share; nil for keys of this process alone.
    package var ticketKeyFile: String?

    /// The defaults.
    package init() {
        // HTTP/1.0 is last, and has to be there: who offers it alone would find nothing to agree on (RFC 7301, 3.2).
        negotiation = .intermediate(applicationProtocols: ["h2", "http/1.1", "http/1.0"])
        ticketKeyFile = nil
    }
}

extension TLSSettings {
    /// The keys of session tickets, to be kept as long as the process lives; nil where no tickets are given.
    package func ticketKeys() throws(TLSError) -> TLSTicketKeys? {
        guard negotiation.sessionTickets else { return nil }
        if let ticketKeyFile { return try TLSTicketKeys(file: ticketKeyFile) }
        return try TLSTicketKeys()
    }
}

/// `tls`: how TLS is spoken. OpenSSL judges what it is to use.
package enum TLSSection: ConfigurationSection {
    package typealias Value = TLSSettings
    package static let key = "tls"
    package static let mapping: SectionMapping? = SectionMapping(
        keys: ["minimumVersion", "ciphers", "cipherSuites", "groups", "sessionTickets", "ticketKeyFile"]
    )
    package static let defaultValue: TLSSettings? = TLSSettings()

    private static let versions: [(name: String, version: TLSVersion)] = [("1.2", .v1_2), ("1.3", .v1_3)]

    /// How nginx, HAProxy, Caddy and Traefik write them.
    private static let spelt = [
        "tlsv1.2": "1.2", "tls1.2": "1.2", "tls12": "1.2", "versiontls12": "1.2", "tls 1.2": "1.2",
        "tlsv1.3": "1.3", "tls1.3": "1.3", "tls13": "1.3", "versiontls13": "1.3", "tls 1.3": "1.3",
    ]

    package static func read(_ value: YAMLValue, in reader: SectionReader) -> TLSSettings? {
        var settings = TLSSettings()
        guard let keys = value.mapping(of: Self.self) else { return nil }
        var isWhole = true

        func take<Field>(
            _ key: String,
            _ field: WritableKeyPath<TLSSettings, Field>,
            _ read: (YAMLValue) -> Field?
        ) {
            guard let value = keys[key] else { return }
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
            names($0, "groups for the key exchange", example: "X25519, prime256v1", checkGroup)
        }
        take("sessionTickets", \.negotiation.sessionTickets) { $0.boolean() }
        take("ticketKeyFile", \.ticketKeyFile) { keyFile($0, reader.files).map(Optional.some) }
        guard isWhole else { return nil }

        if settings.ticketKeyFile != nil, !settings.negotiation.sessionTickets {
            keys["ticketKeyFile"]?.warn("has no effect: sessionTickets is false")
        }
        do {
            try settings.negotiation.check()
        } catch {
            value.fail("\(error)")
            return nil
        }
        return settings
    }

    private static func version(_ value: YAMLValue) -> TLSVersion? {
        value.word(among: versions.map(\.name), kind: "version of TLS that is served", meanings: spelt)
            .flatMap { name in versions.first { $0.name == name }?.version }
    }

    /// The names of a list, each of which OpenSSL knows.
    private static func names(
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
    private static func keyFile(_ value: YAMLValue, _ files: ReferencedFiles) -> String? {
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

    package static func taken(from old: LoadedConfiguration, to new: LoadedConfiguration) -> [String] {
        let negotiations = [old, new].map(\.configuration.tls.negotiationWithoutTickets)
        return (negotiations[0] == negotiations[1] ? [] : [key])
            + (new.hasOtherTicketKeys ? ["\(key).ticketKeyFile"] : [])
    }

    /// The keys of tickets are made when the process starts.
    package static func waiting(running: Configuration, new: Configuration) -> [String] {
        let (old, new) = (running.tls, new.tls)
        return (old.ticketKeyFile == new.ticketKeyFile ? [] : ["\(key).ticketKeyFile"])
            + (old.negotiation.sessionTickets == new.negotiation.sessionTickets ? [] : ["\(key).sessionTickets"])
    }
}

extension TLSSettings {
    /// What connections are negotiated by, but for tickets.
    fileprivate var negotiationWithoutTickets: TLSConfiguration {
        var negotiation = negotiation
        negotiation.sessionTickets = true
        return negotiation
    }
}

extension Configuration {
    /// How TLS is spoken.
    package var tls: TLSSettings { self[TLSSection.self] }
}
