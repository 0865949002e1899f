/// Takes what matters out of a parsed configuration file, and collects what is wrong with it.
struct HysteriaConfigurationReader {
    /// The directory in which the installer's service runs Hysteria.
    private static let workingDirectory = "/var/lib/hysteria"

    let path: String
    let environment: [String: String]

    private(set) var problems: [HysteriaConfigurationProblem] = []
    private(set) var statsAddress: StatsAddress?
    private(set) var secret: Secret?
    private(set) var openListen: OpenListen?
    private(set) var users: HysteriaUsers?
    private(set) var certificates: [CertificateCandidate] = []
    private(set) var acmeDirectories: [String] = []

    init(path: String, environment: [String: String]) {
        self.path = path
        self.environment = environment
    }

    mutating func read(_ root: ConfigurationNode) {
        readStats(root)
        readTLS(root)
        readACME(root)
        readUsers(root)
    }

    private mutating func readStats(_ root: ConfigurationNode) {
        if let node = value("trafficStats.listen", of: root),
            let listen = text(node, as: "trafficStats.listen"), !listen.isEmpty
        {
            do {
                statsAddress = try StatsAddress(listen: listen)
                openListen = OpenListen(listen, line: node.line)
            } catch {
                add(node.line, "trafficStats.listen", "'\(listen)' \(error)")
            }
        }
        if let node = value("trafficStats.secret", of: root),
            let secret = text(node, as: "trafficStats.secret"), !secret.isEmpty
        {
            do {
                self.secret = try Secret(secret)
            } catch {
                add(node.line, "trafficStats.secret", error.description)
            }
        }
    }

    private mutating func readTLS(_ root: ConfigurationNode) {
        let certificate = path("tls.cert", of: root)
        let key = path("tls.key", of: root)
        guard let certificate, let key else { return }
        for (certificate, key) in zip(places(of: certificate), places(of: key)) {
            certificates.append(CertificateCandidate(certificate: certificate, key: key))
        }
    }

    private mutating func readACME(_ root: ConfigurationNode) {
        var domains: [String] = []
        if let node = value("acme.domains", of: root) {
            do {
                domains = try node.texts()
            } catch {
                add(node.line, "acme.domains", error.message)
            }
        }
        var ca = ""
        let caNode = value("acme.ca", of: root)
        if let caNode { ca = text(caNode, as: "acme.ca") ?? "" }
        guard let issuer = ACMEDirectory.issuer(ca: ca) else {
            return add(caNode?.line, "acme.ca", "expected letsencrypt or zerossl, found '\(ca)'")
        }
        let configured = path("acme.dir", of: root)
        let fromEnvironment = environment[HysteriaConfigurationFile.directoryVariable].flatMap {
            $0.isEmpty ? nil : $0
        }
        let directories = places(of: configured ?? fromEnvironment ?? "acme")
        if !domains.isEmpty { acmeDirectories = directories }
        for domain in domains where !domain.isEmpty {
            for directory in directories {
                certificates.append(
                    ACMEDirectory.candidate(directory: directory, issuer: issuer, domain: domain)
                )
            }
        }
    }
}

// MARK: Users

extension HysteriaConfigurationReader {
    /// With `auth.type` of `http` or `command`, only another program knows who they are. What is odd here is Hysteria's business.
    private mutating func readUsers(_ root: ConfigurationNode) {
        let known = problems
        defer { problems = known }
        guard let type = value("auth.type", of: root).flatMap({ try? $0.text() }) else { return }
        switch type.lowercased() {
        case "password":
            users = .password
        case "userpass":
            let prefix = "auth.userpass."
            var names = Set(value("auth.userpass", of: root)?.keys ?? [])
            names.formUnion(root.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) })
            if !names.isEmpty { users = .userpass(names) }
        default:
            break
        }
    }
}

// MARK: Values and problems

extension HysteriaConfigurationReader {
    /// The value of a key such as `trafficStats.listen`: nested, or with dots as it is. Of several, the one with the most
    /// dots in one key counts for Hysteria.
    private mutating func value(_ key: String, of root: ConfigurationNode) -> ConfigurationNode? {
        self.value(key.split(separator: ".").map(String.init)[...], of: root, as: key, isTop: true)
    }

    private mutating func value(
        _ path: ArraySlice<String>,
        of section: ConfigurationNode,
        as key: String,
        isTop: Bool
    ) -> ConfigurationNode? {
        for length in stride(from: path.count, to: 0, by: -1) {
            let name = path.prefix(length).joined(separator: ".")
            guard let found = self.value(name, of: section, as: isTop ? path[path.startIndex] : key) else { continue }
            let rest = path.dropFirst(length)
            if rest.isEmpty { return found }
            if let value = self.value(rest, of: found, as: key, isTop: false) { return value }
        }
        return nil
    }

    private mutating func value(
        _ name: String,
        of section: ConfigurationNode,
        as key: String
    ) -> ConfigurationNode? {
        do {
            return try section.value(name)
        } catch {
            let problem = HysteriaConfigurationProblem(
                file: path,
                line: section.line,
                key: key.contains(".") ? String(key.prefix { $0 != "." }) : nil,
                message: error.message
            )
            // Every key that is looked for finds the same fault in its section.
            if !problems.contains(problem) { problems.append(problem) }
            return nil
        }
    }

    private mutating func text(_ node: ConfigurationNode, as key: String) -> String? {
        do {
            return try node.text()
        } catch {
            add(node.line, key, error.message)
            return nil
        }
    }

    private mutating func path(_ key: String, of root: ConfigurationNode) -> String? {
        guard let node = value(key, of: root), let path = text(node, as: key) else { return nil }
        return path.isEmpty ? nil : path
    }

    private mutating func add(_ line: Int?, _ key: String?, _ message: String) {
        problems.append(HysteriaConfigurationProblem(file: path, line: line, key: key, message: message))
    }

    /// Where a path may lead: as it is, or from Hysteria's working directory, or from beside the file.
    private func places(of path: String) -> [String] {
        guard !path.hasPrefix("/") else { return [path] }
        let folder = self.path.lastIndex(of: "/").map { self.path[..<$0] } ?? "."
        let places = ["\(Self.workingDirectory)/\(path)", "\(folder)/\(path)"]
        return places[0] == places[1] ? [places[0]] : places
    }
}
