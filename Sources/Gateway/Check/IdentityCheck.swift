import NIOOpenSSL
import Time

/// Checks one certificate with its chain: the time that is left, and the way to its authority.
struct IdentityCheck {
    private static let day: Int64 = 86_400
    /// A certificate that has not been renewed by then will not be renewed automatically.
    private static let soon: Int64 = 14 * day

    let results: [CheckResult]

    init(_ identity: TLSIdentity, file: String, now: Int64) {
        var results = identity.problems(at: now).map { problem in
            CheckResult(problem.isFatal ? .failure : .warning, problem.words(file: file))
        }
        for (index, certificate) in ([identity.leaf] + identity.chain).enumerated() {
            let place = index == 0 ? file : "\(file) (certificate \(index + 1), \(certificate.subject))"
            if let result = IdentityCheck.end(of: certificate, place, now) { results.append(result) }
        }
        if !results.contains(where: { $0.verdict == .failure }) {
            let names = identity.leaf.names.isEmpty ? "no name" : identity.leaf.names.joined(separator: ", ")
            let days = (identity.leaf.notAfter - now) / IdentityCheck.day
            results.append(.ok("\(file): matches its key, is for \(names), and valid for \(days) more days"))
        }
        self.results = results
    }

    /// Warns of a certificate whose renewal is due.
    private static func end(of certificate: TLSCertificate, _ place: String, _ now: Int64) -> CheckResult? {
        // Short-lived ones are renewed when a third of their life is left.
        let life = certificate.notAfter - certificate.notBefore
        let left = certificate.notAfter - now
        guard left >= 0, left < min(soon, life / 4) else { return nil }
        return .warning(
            "\(place): expires soon, at \(CivilTime(certificate.notAfter).internetText): is its renewal running?"
        )
    }
}
