import NIOOpenSSL
import Time

/// Checks one certificate with its chain: the time that is left, and the way to its authority.
struct IdentityCheck {
    private static let day: Int64 = 86_400
    /// A certificate of an authority that ends by then. It is replaced with the one above it in the chain, whose renewal is
    /// due long before; a share of its lifetime, which is years, would be a year of warnings.
    private static let chainEndsSoon: Int64 = 14 * day

    let results: [CheckResult]

    init(_ identity: TLSIdentity, file: String, now: Int64) {
        var results = identity.problems(at: now).map { problem in
            CheckResult(problem.isFatal ? .failure : .warning, problem.words(file: file))
        }
        for (index, certificate) in ([identity.leaf] + identity.chain).enumerated() {
            let place = index == 0 ? file : "\(file) (certificate \(index + 1), \(certificate.subject))"
            let end = IdentityCheck.end(of: certificate, isLeaf: index == 0, place, now)
            if let end { results.append(end) }
        }
        if !results.contains(where: { $0.verdict == .failure }) {
            let names = identity.leaf.names.isEmpty ? "no name" : identity.leaf.names.joined(separator: ", ")
            let days = (identity.leaf.notAfter - now) / IdentityCheck.day
            results.append(.ok("\(file): matches its key, is for \(names), and valid for \(days) more days"))
        }
        self.results = results
    }

    /// Warns of a certificate whose renewal is due.
    private static func end(
        of certificate: TLSCertificate,
        isLeaf: Bool,
        _ place: String,
        _ now: Int64
    ) -> CheckResult? {
        let end = CivilTime(certificate.notAfter).internetText
        let expiry = CertificateExpiry(from: certificate.notBefore, to: certificate.notAfter, now: now)
        if !isLeaf, certificate.notAfter - now >= chainEndsSoon { return nil }
        switch expiry {
        case .due: return .warning("\(place): is due for renewal, and expires at \(end)")
        case .near: return .warning("\(place): expires soon, at \(end): is its renewal running?")
        // That it has expired is one of the identity's problems.
        case .expired, nil: return nil
        }
    }
}
