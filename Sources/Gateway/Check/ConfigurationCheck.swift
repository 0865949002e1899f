import Access
import GatewayConfiguration
import HysteriaStats
import Time

/// Checks what `serve` would reject, and what will stop working later, without serving.
package struct ConfigurationCheck: Sendable {
    private let path: String
    private let names: [String]
    private let environment: CheckEnvironment

    /// Describes a check.
    ///
    /// - Parameters:
    ///   - path: The configuration.
    ///   - names: The names by which callers will call the gateway.
    ///   - environment: The machine.
    package init(path: String, names: [String] = [], environment: CheckEnvironment = .system()) {
        self.path = path
        self.names = names
        self.environment = environment
    }

    /// Checks everything that can be checked, whatever fails.
    package func run() async -> [CheckResult] {
        let reader = ConfigurationReader(path: path, environment: environment.configuration)
        let values = reader.read()
        var results = configurationResults(reader.problems)
        guard let values else { return results }

        for entry in values[TokensSection.self] ?? [] {
            results += TokenCheck(entry, now: environment.configuration.now()).results
        }
        if let certificates = values[CertificatesSection.self] {
            let check = CertificateCheck(
                certificates.map(\.identitySource),
                names: names,
                negotiation: values[TLSSection.self]?.negotiation,
                environment: environment
            )
            results += check.results
            results += stateResults(reader, values, check)
        }
        if let listen = values[ListenAddresses.self]?.all, let redirect = values[RedirectSection.self] {
            results += ListenCheck(listen, redirect, environment: environment).results
            if let limits = values[LimitsSection.self], let threads = values[ThreadsSection.self] {
                let listeners = listen.count + (redirect == nil ? 0 : 1)
                results +=
                    DescriptorCheck(limits, threads: threads, listeners: listeners, environment: environment).results
            }
        }
        if let ledger = values[LedgerSection.self] ?? nil {
            results += LedgerCheck(ledger, environment: environment.configuration).results
        }
        if let acme = values[ACMESection.self] ?? nil {
            let listen = values[ListenSection.self]?.map(\.address) ?? []
            let redirect = values[RedirectSection.self] ?? nil
            results +=
                await ACMECheck(acme, listen: listen, redirect: redirect, environment: environment).results()
        }
        for upstream in values.upstreams {
            results.append(await UpstreamCheck(upstream.settings, environment: environment).result())
            results += exposure(of: upstream.settings, reader.problems)
        }
        return results
    }

    /// Said once: Hysteria's own file, where it is known, has the line.
    private func exposure(of upstream: StatsUpstream, _ problems: ProblemCollector) -> [CheckResult] {
        guard !problems.warnings.contains(where: { $0.key == "trafficStats.listen" }) else { return [] }
        let sockets = environment.listeners().map(\.address)
        return UpstreamExposure(upstream, listening: sockets).words.map { [.warning($0)] } ?? []
    }

    /// Builds everything as `serve` does, and reports what fails.
    private func stateResults(
        _ reader: ConfigurationReader,
        _ values: SectionValues,
        _ certificates: CertificateCheck
    ) -> [CheckResult] {
        guard reader.problems.error == nil, let identities = certificates.identities else { return [] }
        do {
            _ = try ServingState(configuration: Configuration(values), identities: identities)
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
        let errors = problems.error?.problems ?? []
        results += errors.map { .failure("\($0)") }
        results += problems.sortedWarnings.map { .warning("\($0)") }
        if errors.isEmpty { results.append(.ok("\(path): every key is known and every value is valid")) }
        return results
    }
}

/// Checks that the process may have as many descriptors as the limits promise connections.
struct DescriptorCheck {
    let results: [CheckResult]

    init(_ limits: Limits, threads: Int, listeners: Int, environment: CheckEnvironment) {
        let budget = DescriptorBudget(threads: threads, listeners: listeners)
        // A warning: the user that serves may have a higher limit than the shell that checks.
        results = budget.shortage(of: environment.descriptors(), for: limits).map { [.warning($0)] } ?? []
    }
}

/// Checks what the configuration itself cannot say of a token: how soon it ends.
struct TokenCheck {
    /// So many seconds before its expiry, a token causes a warning.
    private static let soon: Int64 = 14 * 86_400

    let results: [CheckResult]

    init(_ entry: TokenEntry, now: Int64) {
        // One that has ended is a warning of the configuration already.
        guard let expires = entry.grant.expires, expires > now, expires - now < TokenCheck.soon else {
            results = []
            return
        }
        results = [.warning("token '\(entry.grant.name)' expires soon, at \(CivilTime(expires).internetText)")]
    }
}

/// Checks that Hysteria answers, with a real call that changes nothing.
struct UpstreamCheck {
    private let upstream: StatsUpstream
    private let environment: CheckEnvironment

    init(_ upstream: StatsUpstream, environment: CheckEnvironment) {
        self.upstream = upstream
        self.environment = environment
    }

    func result() async -> CheckResult {
        switch await environment.ask(upstream) {
        case .success:
            return .ok("Hysteria's stats API at \(upstream.address) answers")
        case .failure(let error):
            return .failure("\(error)")
        }
    }
}
