/// Which kinds of proof an authority can see at all, by where the gateway listens.
package struct ProofReach: Sendable {
    /// The ports of listeners that speak TLS.
    private let tlsPorts: Set<Int>
    /// The ports of listeners that answer plain HTTP with redirects.
    private let redirectPorts: Set<Int>

    package init(tlsPorts: Set<Int>, redirectPorts: Set<Int>) {
        self.tlsPorts = tlsPorts
        self.redirectPorts = redirectPorts
    }

    /// The kinds that work without anybody's help, in the order of the settings.
    package func kinds(of settings: ACMESettings) -> [ProofKind] {
        settings.proofKinds.filter { kind in
            switch kind {
            case .tls: tlsPorts.contains(443)
            case .http: redirectPorts.contains(80)
            case .dns: settings.dns != nil
            }
        }
    }

    package func findings(for settings: ACMESettings) -> [SurveyFinding] {
        let working = kinds(of: settings)
        guard !working.isEmpty else { return [nothing(settings)] }
        var findings = [SurveyFinding.ok("can be proved by \(working.map(\.rawValue).joined(separator: ", "))")]
        for kind in settings.proofKinds where !working.contains(kind) { findings.append(missing(kind)) }
        for identifiers in settings.certificates {
            for identifier in identifiers where !working.contains(where: { $0.canProve(identifier) }) {
                let reason =
                    identifier.isWildcard
                    ? "a wildcard is proved by dns-01 alone: configure acme.dns"
                    : "an address is not proved by dns-01: a listener on port 443 or a redirect listener on port 80 is needed"
                findings.append(.failure("\(identifier.value): \(reason)"))
            }
        }
        return findings
    }

    private func nothing(_ settings: ACMESettings) -> SurveyFinding {
        let elsewhere = (tlsPorts.union(redirectPorts)).sorted().map(String.init).joined(separator: ", ")
        let words = "no listener on 443 and no redirect on 80: nothing can be proved"
        guard !elsewhere.isEmpty, settings.proofKinds.contains(where: { $0 != .dns }) else {
            return .failure("\(words); listen on port 443, or configure acme.dns")
        }
        return .warning(
            "\(words), unless one of these ports is forwarded to one here (\(elsewhere)): authorities ask on no other ones; or configure "
                + "acme.dns"
        )
    }

    private func missing(_ kind: ProofKind) -> SurveyFinding {
        switch kind {
        case .tls: .warning("tls-alpn-01 needs a TLS listener on port 443, or port 443 forwarded to one; there is none")
        case .http:
            .warning(
                "http-01 needs a redirect listener on port 80, or a web server there that redirects to here; there is none"
            )
        case .dns: .failure("dns-01 needs a command that sets records: configure acme.dns")
        }
    }
}
