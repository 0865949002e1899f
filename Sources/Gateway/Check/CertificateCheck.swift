import NIOOpenSSL

/// Checks that the certificates can be used, for how long, and for which names.
struct CertificateCheck {
    let results: [CheckResult]

    init(_ certificates: [CertificateFiles], names: [String], environment: CheckEnvironment) {
        var results: [CheckResult] = []
        var leaves: [TLSCertificate] = []
        for files in certificates {
            do throws(TLSError) {
                let identity = try environment.identity(files)
                leaves.append(identity.leaf)
                results +=
                    IdentityCheck(identity, file: files.certificate, now: environment.configuration.now()).results
            } catch {
                results.append(.failure("\(error)"))
            }
        }
        // With a certificate that could not be read, nobody knows which names it would have covered.
        if leaves.count == certificates.count {
            results += names.map { CertificateCheck.result(for: $0, leaves) }
        }
        self.results = results
    }

    private static func result(for name: String, _ leaves: [TLSCertificate]) -> CheckResult {
        if leaves.contains(where: { $0.covers(name: name) }) { return .ok("name \(name): covered by the certificate") }
        let covered = leaves.flatMap(\.names).joined(separator: ", ")
        return .failure("name \(name): no certificate covers it; covered are: \(covered.isEmpty ? "none" : covered)")
    }
}
