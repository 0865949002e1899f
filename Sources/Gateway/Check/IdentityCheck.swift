import NIOOpenSSL

/// Checks one certificate with its chain: the time that is left, and the way to its authority.
struct IdentityCheck {
    private static let day: Int64 = 86_400
    /// A certificate that nobody has renewed by then will not be renewed by itself.
    private static let soon: Int64 = 14 * day

    let results: [CheckResult]

    init(_ identity: TLSIdentity, file: String, now: Int64) {
        var results: [CheckResult] = []
        for (index, certificate) in ([identity.leaf] + identity.chain).enumerated() {
            let place = index == 0 ? file : "\(file) (certificate \(index + 1), \(certificate.subject))"
            if let result = IdentityCheck.validity(of: certificate, place, now) { results.append(result) }
        }
        if let result = IdentityCheck.chain(of: identity, file) { results.append(result) }
        if !results.contains(where: { $0.verdict == .failure }) {
            let names = identity.leaf.names.isEmpty ? "no name" : identity.leaf.names.joined(separator: ", ")
            let days = (identity.leaf.notAfter - now) / IdentityCheck.day
            results.append(.ok("\(file): matches its key, is for \(names), and valid for \(days) more days"))
        }
        self.results = results
    }

    private static func validity(of certificate: TLSCertificate, _ place: String, _ now: Int64) -> CheckResult? {
        if now > certificate.notAfter {
            return .failure("\(place): expired at \(CivilTime(certificate.notAfter).internetText): renew it")
        }
        if now < certificate.notBefore {
            return .failure(
                "\(place): valid only from \(CivilTime(certificate.notBefore).internetText) on: is the clock right?"
            )
        }
        // Short-lived ones are renewed when a third of their life is left.
        let life = certificate.notAfter - certificate.notBefore
        let left = certificate.notAfter - now
        guard left < min(soon, life / 4) else { return nil }
        return .warning(
            "\(place): expires soon, at \(CivilTime(certificate.notAfter).internetText): is its renewal running?"
        )
    }

    private static func chain(of identity: TLSIdentity, _ file: String) -> CheckResult? {
        let leaf = identity.leaf
        if leaf.issuer == leaf.subject {
            return .warning("\(file): vouches for itself: callers must be told to trust it (curl --cacert)")
        }
        guard let issuer = identity.chain.first else {
            return .warning(
                "\(file): holds no intermediate certificate: many callers will not find the way to \(leaf.issuer); "
                    + "use the full chain (fullchain.pem)"
            )
        }
        guard issuer.subject == leaf.issuer else {
            return .warning(
                "\(file): the second certificate is of \(issuer.subject), not of \(leaf.issuer), who signed the first; "
                    + "put them in order"
            )
        }
        return nil
    }
}
