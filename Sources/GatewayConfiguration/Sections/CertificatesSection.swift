import ACME
import HysteriaStats

/// The files of an identity, both PEM, as absolute paths.
package struct CertificateFiles: Sendable {
    /// Who names the files.
    package enum Origin: Sendable {
        /// The key `certificates`.
        case certificates
        /// The key `acme`: a certificate for these, which the gateway gets by itself. Files of one authority after the other; none of
        /// them need be there yet.
        case acme(names: [String], candidates: [CertificateCandidate])
        /// Hysteria's own configuration, the file at this path, and all the places where it may keep this identity.
        case hysteria(configuration: String, candidates: [CertificateCandidate])
    }

    /// The certificate and what stands between it and the authority.
    package let certificate: String
    /// The private key.
    package let key: String
    /// Where the certificate is named; nil where no configuration names it.
    package let certificatePlace: ConfigurationPlace?
    /// Where the key is named; nil where no configuration names it.
    package let keyPlace: ConfigurationPlace?
    /// Who names them.
    package let origin: Origin

    /// Makes a pair of paths.
    package init(
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
    package static func == (left: CertificateFiles, right: CertificateFiles) -> Bool {
        left.certificate == right.certificate && left.key == right.key
    }

    /// Hashes the paths.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(certificate)
        hasher.combine(key)
    }
}

/// `certificates`: the identities, or else those of Hysteria.
package enum CertificatesSection: ConfigurationSection {
    /// The one for unknown names first; at least one.
    package typealias Value = [CertificateFiles]
    package static let key = "certificates"
    package static let mapping: SectionMapping? = SectionMapping(keys: ["certificate", "key"], place: .entries)
    /// Nobody can serve HTTPS without.
    package static let defaultValue: [CertificateFiles]? = nil

    package static func read(_ value: YAMLValue, in reader: SectionReader) -> [CertificateFiles]? {
        guard let values = value.list(of: "certificates, each with the keys certificate and key") else { return nil }
        let pairs = values.compactMap { pair($0, reader.files) }
        guard pairs.count == values.count, let acme = reader.value(of: ACMESection.self) else { return nil }
        return pairs + (acme.map { ofACME($0, reader) } ?? [])
    }

    package static func readAbsent(in reader: SectionReader) -> [CertificateFiles]? {
        guard let acme = reader.value(of: ACMESection.self) else { return nil }
        if let acme { return ofACME(acme, reader) }
        guard let hysteria = reader.value(of: HysteriaSection.self) else { return nil }
        if let hysteria, let value = reader.top[HysteriaSection.key] {
            return ofHysteria(hysteria, value, reader.files)
        }
        reader.problems.fail(
            key: key,
            "missing",
            expected:
                "'acme' with the name that callers use, 'certificates' with the files of a certificate and its key, or "
                + "'hysteria' with its own file"
        )
        return nil
    }

    /// What is in the files counts, wherever they lie.
    package static func taken(from old: LoadedConfiguration, to new: LoadedConfiguration) -> [String] {
        old.certificates == new.certificates ? [] : [key]
    }

    package static func waiting(running: Configuration, new: Configuration) -> [String] { [] }

    private static func pair(_ value: YAMLValue, _ files: ReferencedFiles) -> CertificateFiles? {
        guard let keys = value.mapping(of: Self.self) else { return nil }
        let certificate = path(keys, "certificate", "the path of a PEM file with the certificate and its chain", files)
        let key = path(keys, "key", "the path of a PEM file with the private key", files)
        guard let certificate, let key else { return nil }
        if let value = keys["key"] { files.warnIfOpen(key, holding: "private key", value) }
        return CertificateFiles(
            certificate: certificate,
            key: key,
            certificatePlace: keys["certificate"]?.place,
            keyPlace: keys["key"]?.place
        )
    }

    /// A path that a key holds, if the user can read what lies there.
    private static func path(
        _ keys: YAMLMapping,
        _ key: String,
        _ expected: String,
        _ files: ReferencedFiles
    ) -> String? {
        guard let value = keys.required(key, expected: expected),
            let path = files.path(value, expected: expected),
            files.checkReadable(path, for: value, mayBeMissing: files.environment.awaitsCertificates)
        else { return nil }
        return path
    }

    /// Where the gateway's own certificates lie, or will.
    private static func ofACME(_ settings: ACMESettings, _ reader: SectionReader) -> [CertificateFiles] {
        let place = reader.top[ACMESection.key]?.place
        return settings.certificates.map { identifiers in
            let candidates = settings.authorities.map { authority in
                let files = CertificateStore.paths(of: StorePlace(authority, identifiers), in: settings.folder)
                return CertificateCandidate(certificate: files.certificate, key: files.key)
            }
            for candidate in candidates {
                reader.files.dependencies.add(candidate.certificate)
                reader.files.dependencies.add(candidate.key)
            }
            return CertificateFiles(
                certificate: candidates[0].certificate,
                key: candidates[0].key,
                certificatePlace: place,
                keyPlace: place,
                origin: .acme(names: identifiers.map(\.value), candidates: candidates)
            )
        }
    }

    /// Of all the places where Hysteria may keep its certificates, the first readable one for each name.
    private static func ofHysteria(
        _ source: HysteriaSource,
        _ value: YAMLValue,
        _ files: ReferencedFiles
    ) -> [CertificateFiles]? {
        guard !source.file.certificates.isEmpty else {
            value.fail(
                "\(source.path) names no certificate",
                expected: "'tls' or 'acme' there, or 'certificates' here"
            )
            return nil
        }
        var found: [CertificateFiles] = []
        var lacking: [String] = []
        for domain in domains(of: source.file.certificates) {
            var obstacles: [String] = []
            let candidates = source.file.certificates.filter { $0.domain == domain }
            let readable = candidates.first { isReadable($0, files, &obstacles) }
            if let pair = readable ?? awaited(candidates, files) {
                let place = value.place
                found.append(
                    CertificateFiles(
                        certificate: pair.certificate,
                        key: pair.key,
                        certificatePlace: place,
                        keyPlace: place,
                        origin: .hysteria(configuration: source.path, candidates: candidates)
                    )
                )
            } else {
                let name = domain.map { " for \(Excerpt.quote($0))" } ?? ""
                lacking.append("no certificate of Hysteria\(name) can be read: \(obstacles.joined(separator: ", "))")
            }
        }
        // Hysteria itself works with one of its names; so does the gateway.
        for words in lacking {
            if found.isEmpty {
                value.fail(
                    words,
                    expected: "files that user '\(files.environment.user)' can read, or 'certificates' here"
                )
            } else {
                value.warn(words)
            }
        }
        return found.isEmpty ? nil : found
    }

    /// The likeliest place where nothing is there yet, if that is awaited.
    private static func awaited(_ candidates: [CertificateCandidate], _ files: ReferencedFiles) -> CertificateCandidate?
    {
        let areMissing = candidates.allSatisfy { files.isMissing($0.certificate) || files.isMissing($0.key) }
        return files.environment.awaitsCertificates && areMissing ? candidates.first : nil
    }

    private static func isReadable(
        _ pair: CertificateCandidate,
        _ files: ReferencedFiles,
        _ obstacles: inout [String]
    ) -> Bool {
        // A better place is taken as soon as something lies there.
        files.dependencies.add(pair.certificate)
        files.dependencies.add(pair.key)
        for path in [pair.certificate, pair.key] {
            guard let obstacle = PathWalk(to: path, in: files.environment.files).obstacle else { continue }
            let words = obstacle.description(for: files.environment.user)
            // The path tried is told even where a directory above it is in the way.
            obstacles.append(words.contains(path) ? words : "\(path) (\(words))")
            return false
        }
        return true
    }

    /// The names of the candidates, each once; nil stands for a certificate whose names the file does not tell.
    private static func domains(of candidates: [CertificateCandidate]) -> [String?] {
        var domains: [String?] = []
        for candidate in candidates where !domains.contains(candidate.domain) { domains.append(candidate.domain) }
        return domains
    }
}

extension Configuration {
    /// The identities, the one for unknown names first; at least one.
    package var certificates: [CertificateFiles] { self[CertificatesSection.self] }
}
