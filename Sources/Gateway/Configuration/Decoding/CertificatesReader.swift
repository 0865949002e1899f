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
        case .found(let facts, let value):
            return ofHysteria(facts, value)
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
        return CertificateFiles(certificate: certificate, key: key)
    }

    /// A path that a key holds, if the user can read what lies there.
    private func path(_ mapping: YAMLMapping, _ key: String, _ expected: String) -> String? {
        guard let value = mapping.required(key, expected: expected),
            let path = files.path(value, expected: expected), files.checkReadable(path, for: value)
        else { return nil }
        return path
    }

    /// Of all the places where Hysteria may keep a certificate, those that hold one: one for each name.
    private func ofHysteria(_ facts: HysteriaFacts, _ value: YAMLValue) -> [CertificateFiles]? {
        guard !facts.certificates.isEmpty else {
            value.fail(
                "\(facts.path) names no certificate",
                expected: "'tls' or 'acme' there, or 'certificates' here"
            )
            return nil
        }
        var found: [CertificateFiles] = []
        var obstacles: [String] = []
        for pair in facts.certificates {
            let missing = [pair.certificate, pair.key].compactMap { path in
                PathWalk(to: path, in: files.environment.files).obstacle.map { (path, $0) }
            }
            if let (path, obstacle) = missing.first {
                obstacles.append("\(path): \(obstacle.description(for: files.environment.user))")
            } else if !found.contains(where: { $0.fileName == pair.fileName }) {
                found.append(pair)
            }
        }
        guard found.isEmpty else { return found }
        value.fail(
            "no certificate of Hysteria can be read; tried \(obstacles.joined(separator: " | "))",
            expected: "one of these files, readable for user '\(files.environment.user)', or 'certificates' here"
        )
        return nil
    }
}

extension CertificateFiles {
    /// The name of the certificate's file: that of the domain where Hysteria gets its certificates by ACME.
    fileprivate var fileName: Substring {
        certificate.split(separator: "/").last ?? ""
    }
}
