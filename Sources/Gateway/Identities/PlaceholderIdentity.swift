import NIOConcurrencyHelpers
import NIOOpenSSL

/// What stands in for a certificate that is not there yet: self-signed, made once for the same names, and in no file.
///
/// With it http-01 through a redirect to https and a proxy that does not verify can work before the first certificate is there, and
/// the service starts in the middle of a renewal.
enum PlaceholderIdentity {
    /// What a caller reads who looks at the certificate.
    static let commonName = "hysteria-gateway has no certificate yet"
    /// By which it is told from certificates in files.
    private static let source = "the placeholder certificate"
    /// The names where none are known. Nobody has this one (RFC 6761).
    static let unknownNames = ["placeholder.invalid"]

    /// Those that were made: a reload that changes nothing is to find the same.
    private static let made = NIOLockedValueBox<[[String]: TLSIdentity]>([:])
    private static let limit = 64

    /// A stand-in for a certificate with these names.
    static func identity(for names: [String]) throws(TLSError) -> TLSIdentity {
        let names = names.isEmpty ? unknownNames : names
        if let known = made.withLockedValue({ $0[names] }) { return known }
        let identity = try TLSIdentity.throwaway(names: names, commonName: commonName, days: 365, source: source)
        made.withLockedValue { made in
            if made.count >= limit { made.removeAll() }
            made[names] = identity
        }
        return identity
    }

    /// Whether an identity stands in for another.
    static func isPlaceholder(_ identity: TLSIdentity) -> Bool { identity.certificateSource == source }
}
