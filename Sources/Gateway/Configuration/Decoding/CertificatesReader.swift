import HysteriaStats

/// Reads `certificates`, or finds the one of Hysteria.
struct CertificatesReader {
    static let keys = ["certificate", "key"]

    private let top: YAMLMapping
    private let files: ReferencedFiles
    private let hysteria: HysteriaReader.Outcome

    init(_ top: YAMLMapping, _ files: ReferencedFiles, _ hysteria: HysteriaReader.Outcome) {
        self.top = top
        self.files = files
        self.hysteria = hysteria
    }

    /// The certificate files; nil, and problems noted, where one of them cannot be used.
    func read() -> [CertificateFiles]? {
        if let value = top["certificates"] {
            guard let values = value.list(of: "certificates, each with the keys certificate and key") else {
                return nil
            }
            let pairs = values.compactMap(pair)
            return pairs.count == values.count ? pairs : nil
        }
        switch hysteria {
        case .found(let source):
            return ofHysteria(source)
        case .unusable:
            return nil
        case .absent:
            top.value.problems.fail(
                key: "certificates",
                "missing",
                expected: "'certificates' with the files of a certificate and its key, or 'hysteria' with its own file"
            )
            return nil
        }
    }

    private func pair(_ value: YAMLValue) -> CertificateFiles? {
        guard let mapping = value.mapping(keys: CertificatesReader.keys) else { return nil }
        let certificate = path(mapping, "certificate", "the path of a PEM file with the certificate and its chain")
        let key = path(mapping, "key", "the path of a PEM file with the private key")
        guard let certificate, let key else { return nil }
        if let value = mapping["key"] { files.warnIfOpen(key, holding: "private key", value) }
        return CertificateFiles(
            certificate: certificate,
            key: key,
            certificatePlace: mapping["certificate"]?.place,
            keyPlace: mapping["key"]?.place
        )
    }

    /// A path that a key holds, if the user can read what lies there.
    private func path(_ mapping: YAMLMapping, _ key: String, _ expected: String) -> String? {
        guard let value = mapping.required(key, expected: expected),
            let path = files.path(value, expected: expected), files.checkReadable(path, for: value)
        else { return nil }
        return path
    }

    /// Of all the places where Hysteria may keep its certificates, the first readable one for each name.
    private func ofHysteria(_ source: HysteriaSource) -> [CertificateFiles]? {
        guard !source.file.certificates.isEmpty else {
            source.value.fail(
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
            if let pair = candidates.first(where: { isReadable($0, &obstacles) }) {
                let place = source.value.place
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
                source.value.fail(
                    words,
                    expected: "files that user '\(files.environment.user)' can read, or 'certificates' here"
                )
            } else {
                source.value.warn(words)
            }
        }
        return found.isEmpty ? nil : found
    }

    private func isReadable(_ pair: CertificateCandidate, _ obstacles: inout [String]) -> Bool {
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
    private func domains(of candidates: [CertificateCandidate]) -> [String?] {
        var domains: [String?] = []
        for candidate in candidates where !domains.contains(candidate.domain) { domains.append(candidate.domain) }
        return domains
    }
}
