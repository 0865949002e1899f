import GatewayConfiguration
import HysteriaStats
import NIOOpenSSL

/// An identity that the gateway gets by itself: what is in the folder of one authority or another, or a placeholder.
struct ACMEIdentity: IdentitySource {
    /// What it is for.
    let names: [String]
    /// Where each authority's certificate lies, or will.
    let candidates: [CertificateCandidate]
    /// Where the configuration asks for it.
    let place: ConfigurationPlace?

    var name: String { "acme: \(names.joined(separator: ", "))" }

    var files: Set<String> { Set(candidates.flatMap { [$0.certificate, $0.key] }) }

    /// The certificate that is valid for longest: a second authority is asked where the first one gave none in time. What cannot be
    /// read is as good as absent, and is ordered again.
    func load() throws(TLSError) -> TLSIdentity {
        var best: TLSIdentity?
        for candidate in candidates {
            let source = CertificateFileIdentity(
                pair: CertificateFiles(certificate: candidate.certificate, key: candidate.key)
            )
            guard let identity = try? source.load() else { continue }
            if let best, best.leaf.notAfter >= identity.leaf.notAfter { continue }
            best = identity
        }
        if let best { return best }
        return try PlaceholderIdentity.identity(for: names)
    }

    /// A former certificate stands in as well.
    func isAwaited(with identity: TLSIdentity) -> Bool { !files.contains(identity.certificateSource) }

    func problem(_ error: TLSError) -> ConfigurationProblem {
        ConfigurationProblem(file: place?.file ?? name, line: place?.line, key: place?.key, found: "\(error)")
    }
}
