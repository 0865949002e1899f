import GatewayConfiguration
import NIOOpenSSL
import Text
import Time

extension TLSIdentityProblem {
    /// What is wrong, which callers reject it, and what to do about it.
    ///
    /// - Parameter file: What the operator calls the chain.
    func words(file: String) -> String {
        let place = position == 0 ? file : "\(file) (certificate \(position + 1), \(certificate.subject))"
        return switch kind {
        case .expired:
            "\(place): expired at \(CivilTime(certificate.notAfter).internetText): renew it"
        case .notYetValid:
            "\(place): valid only from \(CivilTime(certificate.notBefore).internetText) on: is the clock right?"
        case .selfSigned:
            "\(file): is self-signed: callers must be configured to trust it (curl --cacert)"
        case .lacksIssuer:
            "\(file): has no intermediate certificate: many callers cannot build a chain to \(certificate.issuer); "
                + "use the full chain (fullchain.pem)"
        case .outOfOrder(let expected):
            "\(file): certificate \(position + 1) is of \(certificate.subject), not of \(expected), who signed the "
                + "one before; put them in order"
        case .repeated:
            "\(file): certificate \(position + 1) repeats that of \(certificate.subject); remove it"
        case .wrongIssuerKey:
            "\(place): has the name of the issuer of the certificate before it, but another key: every caller refuses the "
                + "chain; use the intermediate certificate that came with the certificate"
        case .issuerIsNoAuthority:
            "\(place): may not issue certificates (CA:TRUE and keyCertSign): every caller refuses the one before it; "
                + "have it issued by an authority"
        case .pathTooLong(let limit):
            "\(place): allows \(limit) authorities below it (pathlen:\(limit)), and there are more: every caller refuses "
                + "the chain; have the certificate issued by this authority itself"
        case .nameTaken(let name, let other):
            "\(file): is never presented for \(name), which \(other) is for already, with a key of the same "
                + "algorithm (\(certificate.keyAlgorithm)); remove one of them"
        default:
            "\(place): \(wordsOfUse)"
        }
    }

    private var wordsOfUse: String {
        switch kind {
        case .keyOfNobody:
            "its key (\(certificate.publicKeyDescription)) is of a kind that no caller supports in TLS; use EC P-256 or RSA 2048"
        case .keyOfFew(let refusers):
            "\(refusers) its key (\(certificate.publicKeyDescription)); every caller supports EC P-256"
        case .notForServers:
            "is not for servers: its extended key usage lacks serverAuth, and every caller refuses it; have it reissued"
        case .anyPurpose:
            "its extended key usage is anyExtendedKeyUsage: Firefox, curl, Python and whatever else uses OpenSSL or "
                + "GnuTLS refuse it; have it issued with serverAuth"
        case .noPurpose:
            "has no extended key usage: Safari and other programs on Apple's systems refuse it; have it issued with serverAuth"
        case .noSignatureUsage(let isUsable):
            "its key usage lacks digitalSignature: \(isUsable ? "Chrome and Java refuse" : "every caller refuses") it; "
                + "have it issued with digitalSignature"
        case .authorityAsLeaf:
            "is the certificate of an authority (CA:TRUE): Firefox and programs in Rust refuse it as a server's; "
                + "have it issued with CA:FALSE"
        case .unknownCriticalExtension(let identifier):
            "has an extension that is critical and that no client knows (\(identifier)): every caller refuses it; have it "
                + "issued without"
        case .noNames(nil):
            "has no name: every caller refuses it; have it issued with a subject alternative name"
        case .noNames:
            "has no subject alternative name, only a common name: browsers, Go and most others refuse it, curl does not; "
                + "have it issued with subjectAltName"
        case .uselessName(let name):
            "its name \(Excerpt.quote(name)) cannot be used: \(Self.advice(onName: name))"
        case .mustStaple:
            "asks for a stapled OCSP answer (must-staple), which is not sent: Firefox and programs on GnuTLS refuse it; "
                + "have it issued without"
        case .longLived(let days):
            "is valid for \(days) days: Safari and other programs on Apple's systems refuse more than 825"
        case .refused(let reason):
            "every caller refuses the chain (\(reason)); have it reissued"
        case .strictlyRefused(let reason):
            "Python from 3.13 on refuses the chain (\(reason)); have it issued as RFC 5280 says"
        case .noCipher:
            "callers without TLS 1.3 are refused: none of tls.ciphers is for its key (\(certificate.keyAlgorithm))"
        case .noCipherOfSchannel:
            "Windows up to 8.1 and Server 2012 R2 (Schannel) cannot connect: with an RSA key they need weak ciphers, "
                + "which are off; add a second certificate with an EC P-256 key"
        case .expired, .notYetValid, .selfSigned, .lacksIssuer, .outOfOrder, .repeated, .wrongIssuerKey,
            .issuerIsNoAuthority, .pathTooLong, .nameTaken:
            ""
        }
    }

    private static func advice(onName name: String) -> String {
        if name.contains("*") { return "a wildcard stands for the whole first label of three or more (*.my.site.com)" }
        if name.utf8.allSatisfy({ $0.isDigit || $0 == 0x2E }) || name.contains("::") {
            return "it is an address, which stands in a certificate as IP:\(name), not as DNS:\(name)"
        }
        return "it is no host name; a name stands without https:// and without a port"
    }
}
