import NIOOpenSSL

/// Checks that the certificates can be used, for how long, and for which names.
struct CertificateCheck {
    let results: [CheckResult]

    init(_ certificates: [CertificateFiles], names: [String], environment: CheckEnvironment) {
        var results: [CheckResult] = []
        var identities: [TLSIdentity] = []
        for files in certificates {
            do throws(TLSError) {
                let identity = try environment.identity(files)
                identities.append(identity)
                results +=
                    IdentityCheck(identity, file: files.certificate, now: environment.configuration.now()).results
            } catch {
                results.append(.failure("\(error)"))
            }
        }
        results += CertificateCheck.conflicts(among: identities)
        // With a certificate that could not be read, nobody knows which names it would have covered.
        if identities.count == certificates.count {
            results += names.map { CertificateCheck.result(for: $0, identities.map(\.leaf)) }
        }
        self.results = results
    }

    private static func conflicts(among identities: [TLSIdentity]) -> [CheckResult] {
        // What makes no set has been told already.
        guard let set = try? TLSIdentitySet(identities) else { return [] }
        return set.conflicts.map { .warning($0.words(file: $0.source)) }
    }

    private static func result(for name: String, _ leaves: [TLSCertificate]) -> CheckResult {
        if leaves.contains(where: { $0.covers(name: name) }) { return .ok("name \(name): covered by the certificate") }
        let covered = leaves.flatMap(\.names).joined(separator: ", ")
        return .failure("name \(name): no certificate covers it; covered are: \(covered.isEmpty ? "none" : covered)")
    }
}
