import GatewayConfiguration
import HysteriaStats
import NIOOpenSSL

/// An identity in two files that `certificates` names.
struct CertificateFileIdentity: IdentitySource {
    let pair: CertificateFiles

    var name: String { pair.certificate }

    var files: Set<String> { [pair.certificate, pair.key] }

    func load() throws(TLSError) -> TLSIdentity {
        let identity = try TLSIdentity(certificateFile: pair.certificate, keyFile: pair.key)
        try identity.verifyAcceptance()
        return identity
    }

    func problem(_ error: TLSError) -> ConfigurationProblem {
        let isOfKey =
            error.file == pair.key && pair.key != pair.certificate || error.kind == .privateKey
            || error.kind == .keyMismatch
        let place = isOfKey ? pair.keyPlace : pair.certificatePlace
        return ConfigurationProblem(
            file: place?.file ?? (isOfKey ? pair.key : pair.certificate),
            line: place?.line,
            key: place?.key,
            found: "\(error)",
            advice: error.advice
        )
    }
}

/// An identity that Hysteria's own configuration names: the first of several places that can be read.
struct HysteriaIdentity: IdentitySource {
    /// Hysteria's configuration.
    let configuration: String
    /// Where Hysteria may keep the identity, the best place first: as soon as something lies there, it is taken.
    let candidates: [CertificateCandidate]
    /// What was found.
    let found: CertificateFileIdentity

    var name: String { found.name }

    var files: Set<String> {
        found.files.union([configuration]).union(candidates.flatMap { [$0.certificate, $0.key] })
    }

    func load() throws(TLSError) -> TLSIdentity { try found.load() }

    func problem(_ error: TLSError) -> ConfigurationProblem { found.problem(error) }
}

extension CertificateFiles {
    /// What loads the files, by who names them.
    var identitySource: any IdentitySource {
        let named = CertificateFileIdentity(pair: self)
        return switch origin {
        case .certificates: named
        case .acme(let names, let candidates):
            ACMEIdentity(names: names, candidates: candidates, place: certificatePlace)
        case .hysteria(let configuration, let candidates):
            HysteriaIdentity(configuration: configuration, candidates: candidates, found: named)
        }
    }
}
