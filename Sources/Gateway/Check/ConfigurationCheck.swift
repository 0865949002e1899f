/// Checks what `serve` would reject, and what will stop working later, without serving.
public struct ConfigurationCheck: Sendable {
    private let path: String
    private let names: [String]
    private let environment: CheckEnvironment

    /// Describes a check.
    ///
    /// - Parameters:
    ///   - path: The configuration.
    ///   - names: The names by which callers will call the gateway.
    ///   - environment: The machine.
    public init(path: String, names: [String] = [], environment: CheckEnvironment = .system()) {
        self.path = path
        self.names = names
        self.environment = environment
    }

    /// Checks everything that can be checked, whatever fails.
    public func run() async -> [CheckResult] {
        let reader = ConfigurationReader(path: path, environment: environment.configuration)
        let pieces = reader.read()
        var results = configurationResults(reader.problems)
        guard let pieces else { return results }

        for entry in pieces.tokens ?? [] { results += TokenCheck(entry, now: environment.configuration.now()).results }
        if let certificates = pieces.certificates {
            let check = CertificateCheck(
                certificates.map(\.identitySource),
                names: names,
                negotiation: pieces.tls?.negotiation,
                environment: environment
            )
            results += check.results
            results += stateResults(reader, pieces, check)
        }
        if let listening = pieces.listening {
            results += ListenCheck(listening.addresses, listening.redirect, environment: environment).results
            if let limits = pieces.limits, let threads = pieces.threads {
                let listeners = listening.addresses.count + (listening.redirect == nil ? 0 : 1)
                results +=
                    DescriptorCheck(limits, threads: threads, listeners: listeners, environment: environment).results
            }
        }
        if let upstream = pieces.upstream {
            results.append(await UpstreamCheck(upstream, environment: environment).result())
            results += exposure(of: upstream, reader.problems)
        }
        return results
    }

    /// Said once: Hysteria's own file, where it is known, has the line.
    private func exposure(of upstream: UpstreamSettings, _ problems: ProblemCollector) -> [CheckResult] {
        guard !problems.warnings.contains(where: { $0.key == "trafficStats.listen" }) else { return [] }
        let sockets = environment.listeners().map(\.address)
        return UpstreamExposure(upstream, listening: sockets).words.map { [.warning($0)] } ?? []
    }

    /// Builds everything as `serve` does, and reports what fails.
    private func stateResults(
        _ reader: ConfigurationReader,
        _ pieces: ConfigurationPieces,
        _ certificates: CertificateCheck
    ) -> [CheckResult] {
        guard reader.problems.errors == nil, let identities = certificates.identities,
            let configuration = pieces.whole(warnings: [])
        else { return [] }
        do {
            _ = try ServingState(configuration: configuration, identities: identities)
            return []
        } catch {
            return [.failure("\(error)")]
        }
    }

    private func configurationResults(_ problems: ProblemCollector) -> [CheckResult] {
        var results: [CheckResult] = []
        if environment.configuration.user == "root" {
            results.append(
                .warning(
                    "checked as root, which can read everything: also check as the user that serves "
                        + "(sudo -u USER hysteria-gateway check …)"
                )
            )
        }
        let errors = problems.errors?.problems ?? []
        results += errors.map { .failure("\($0)") }
        results += problems.sortedWarnings.map { .warning("\($0)") }
        if errors.isEmpty { results.append(.ok("\(path): every key is known and every value is valid")) }
        return results
    }
}
