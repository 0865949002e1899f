import NIOOpenSSL

/// Checks that the certificates can be used, for how long, for which names, and by whom.
struct CertificateCheck {
    let results: [CheckResult]
    /// What would be served with; nil where one of them cannot be.
    let identities: TLSIdentitySet?

    init(
        _ sources: [any IdentitySource],
        names: [String],
        negotiation: TLSConfiguration?,
        environment: CheckEnvironment
    ) {
        var results: [CheckResult] = []
        var identities: [TLSIdentity] = []
        for source in sources {
            do throws(TLSError) {
                let identity = try environment.identity(source)
                identities.append(identity)
                guard !source.isAwaited(with: identity) else {
                    results.append(
                        .warning("\(source.name): there is no certificate yet; the gateway orders it when it runs")
                    )
                    continue
                }
                results +=
                    IdentityCheck(identity, file: source.name, now: environment.configuration.now()).results
            } catch {
                results.append(.failure("\(source.problem(error))"))
            }
        }
        let set = try? TLSIdentitySet(identities)
        results += CertificateCheck.conflicts(among: set, negotiation)
        // The names of a certificate that could not be read are unknown.
        if identities.count == sources.count {
            results += names.map { CertificateCheck.result(for: $0, identities.map(\.leaf)) }
        }
        self.results = results
        self.identities = identities.count == sources.count ? set : nil
    }

    private static func conflicts(among set: TLSIdentitySet?, _ negotiation: TLSConfiguration?) -> [CheckResult] {
        // What makes no set has been told already.
        guard let set else { return [] }
        let ciphers = negotiation.map(set.cipherProblems) ?? []
        return (set.conflicts + ciphers).map { .warning($0.words(file: $0.source)) }
    }

    private static func result(for name: String, _ leaves: [TLSCertificate]) -> CheckResult {
        if leaves.contains(where: { $0.covers(name: name) }) { return .ok("name \(name): covered by the certificate") }
        let covered = leaves.flatMap(\.names).joined(separator: ", ")
        return .failure("name \(name): no certificate covers it; covered are: \(covered.isEmpty ? "none" : covered)")
    }
}
