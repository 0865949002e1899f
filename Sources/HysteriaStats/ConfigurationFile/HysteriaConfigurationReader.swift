/// Takes what matters out of a parsed configuration file, and collects what is wrong with it.
struct HysteriaConfigurationReader {
    /// The directory in which the installer's service runs Hysteria.
    private static let workingDirectory = "/var/lib/hysteria"

    let path: String
    let environment: [String: String]

    private(set) var problems: [HysteriaConfigurationProblem] = []
    private(set) var statsAddress: StatsAddress?
    private(set) var secret: Secret?
    private(set) var certificates: [CertificateCandidate] = []

    init(path: String, environment: [String: String]) {
        self.path = path
        self.environment = environment
    }

    mutating func read(_ root: ConfigurationNode) {
        self.readStats(root)
        self.readTLS(root)
        self.readACME(root)
    }

    private mutating func readStats(_ root: ConfigurationNode) {
        guard let section = self.value("trafficStats", of: root, as: "trafficStats") else { return }
        if let node = self.value("listen", of: section, as: "trafficStats.listen"),
            let listen = self.text(node, as: "trafficStats.listen"), !listen.isEmpty
        {
            do {
                self.statsAddress = try StatsAddress(listen: listen)
            } catch {
                self.add(node.line, "trafficStats.listen", "'\(listen)' \(error)")
            }
        }
        if let node = self.value("secret", of: section, as: "trafficStats.secret"),
            let secret = self.text(node, as: "trafficStats.secret"), !secret.isEmpty
        {
            do {
                self.secret = try Secret(secret)
            } catch {
                self.add(node.line, "trafficStats.secret", error.description)
            }
        }
    }

    private mutating func readTLS(_ root: ConfigurationNode) {
        guard let section = self.value("tls", of: root, as: "tls") else { return }
        let certificate = self.path("cert", of: section, as: "tls.cert")
        let key = self.path("key", of: section, as: "tls.key")
        guard let certificate, let key else { return }
        for (certificate, key) in zip(self.places(of: certificate), self.places(of: key)) {
            self.certificates.append(CertificateCandidate(certificate: certificate, key: key))
        }
    }

    private mutating func readACME(_ root: ConfigurationNode) {
        guard let section = self.value("acme", of: root, as: "acme") else { return }
        var domains: [String] = []
        if let node = self.value("domains", of: section, as: "acme.domains") {
            do {
                domains = try node.texts()
            } catch {
                self.add(node.line, "acme.domains", error.message)
            }
        }
        var ca = ""
        let caNode = self.value("ca", of: section, as: "acme.ca")
        if let caNode { ca = self.text(caNode, as: "acme.ca") ?? "" }
        guard let issuer = ACMEDirectory.issuer(ca: ca) else {
            return self.add(caNode?.line, "acme.ca", "expected letsencrypt or zerossl, found '\(ca)'")
        }
        let configured = self.path("dir", of: section, as: "acme.dir")
        let fromEnvironment = self.environment[HysteriaConfigurationFile.directoryVariable].flatMap {
            $0.isEmpty ? nil : $0
        }
        let directories = self.places(of: configured ?? fromEnvironment ?? "acme")
        for domain in domains where !domain.isEmpty {
            for directory in directories {
                self.certificates.append(
                    ACMEDirectory.candidate(directory: directory, issuer: issuer, domain: domain)
                )
            }
        }
    }
}

// MARK: Values and problems

extension HysteriaConfigurationReader {
    private mutating func value(
        _ name: String,
        of section: ConfigurationNode,
        as key: String
    ) -> ConfigurationNode? {
        do {
            return try section.value(name)
        } catch {
            let problem = HysteriaConfigurationProblem(
                file: self.path,
                line: section.line,
                key: key.contains(".") ? String(key.prefix { $0 != "." }) : nil,
                message: error.message
            )
            // Every key that is looked for finds the same fault in its section.
            if !self.problems.contains(problem) { self.problems.append(problem) }
            return nil
        }
    }

    private mutating func text(_ node: ConfigurationNode, as key: String) -> String? {
        do {
            return try node.text()
        } catch {
            self.add(node.line, key, error.message)
            return nil
        }
    }

    private mutating func path(_ name: String, of section: ConfigurationNode, as key: String) -> String? {
        guard let node = self.value(name, of: section, as: key), let path = self.text(node, as: key) else { return nil }
        return path.isEmpty ? nil : path
    }

    private mutating func add(_ line: Int?, _ key: String?, _ message: String) {
        self.problems.append(HysteriaConfigurationProblem(file: self.path, line: line, key: key, message: message))
    }

    /// Where a path may lead: as it is, or from Hysteria's working directory, or from beside the file.
    private func places(of path: String) -> [String] {
        guard !path.hasPrefix("/") else { return [path] }
        let folder = self.path.lastIndex(of: "/").map { self.path[..<$0] } ?? "."
        let places = ["\(Self.workingDirectory)/\(path)", "\(folder)/\(path)"]
        return places[0] == places[1] ? [places[0]] : places
    }
}
