/// Something about an identity that can be served and that clients may stumble over.
public struct TLSIdentityProblem: Sendable, Hashable {
    /// What is the matter.
    public enum Kind: Sendable, Hashable {
        /// The certificate is not valid any more.
        case expired
        /// The certificate is not valid yet.
        case notYetValid
        /// The leaf vouches for itself.
        case selfSigned
        /// The leaf stands alone: who vouches for it is not sent along.
        case lacksIssuer
        /// Another certificate stands where that of the issuer of the one before should stand.
        case outOfOrder(expected: String)
        /// The certificate stands in the chain a second time.
        case repeated
        /// It has the name of who issued the one before, and another key: the signature does not fit.
        case wrongIssuerKey
        /// It issued the one before, and may not vouch for others.
        case issuerIsNoAuthority
        /// More authorities stand below it than it allows.
        case pathTooLong(limit: Int)
        /// No client agrees on such a key in a handshake.
        case keyOfNobody
        /// These clients agree on no such key.
        case keyOfFew(refusers: String)
        /// Its extended key usage does not name servers.
        case notForServers
        /// Its extended key usage names any purpose, and not servers.
        case anyPurpose
        /// It has no extended key usage.
        case noPurpose
        /// Its key may not sign, which every handshake needs; `isUsable` where OpenSSL does not look.
        case noSignatureUsage(isUsable: Bool)
        /// The leaf is the certificate of an authority.
        case authorityAsLeaf
        /// It has an extension that is critical, and that OpenSSL does not know.
        case unknownCriticalExtension(String)
        /// It has no alternative name; `commonName` is what some clients still look at.
        case noNames(commonName: String?)
        /// No client takes one of its names for that of a server.
        case uselessName(String)
        /// It asks for a stapled OCSP answer, which is not sent.
        case mustStaple
        /// It is valid for so many days.
        case longLived(days: Int)
        /// OpenSSL as a client refuses the chain, for this reason.
        case refused(String)
        /// OpenSSL as a client refuses the chain where it keeps to RFC 5280 strictly, for this reason.
        case strictlyRefused(String)
        /// No cipher of TLS 1.2 is offered for its key.
        case noCipher
        /// Of the ciphers for RSA keys, none is offered that older versions of Schannel have.
        case noCipherOfSchannel
        /// An earlier identity with a key of the same algorithm is for the same name: this one is never presented for it.
        case nameTaken(String, by: String)
    }

    /// What is the matter.
    public let kind: Kind

    /// The file of the chain, or words for where it came from.
    public let source: String

    /// The certificate that is meant.
    public let certificate: TLSCertificate

    /// Its place in the chain, counted from 0 for the leaf.
    public let position: Int
}

extension TLSIdentityProblem {
    /// Whether no client can use the identity because of it.
    ///
    /// Clients that are told to trust a leaf that vouches for itself often skip all that a verifier looks at, as `curl -k`
    /// and Hysteria's `insecure` do: what only a verifier minds does not shut such clients out.
    public var isFatal: Bool {
        switch kind {
        case .keyOfNobody:
            true
        case .expired, .notYetValid:
            // A client has other ways to an authority further up, such as a newer root of the same key.
            position < 2
        case .wrongIssuerKey, .issuerIsNoAuthority, .pathTooLong, .notForServers, .unknownCriticalExtension, .refused,
            .noSignatureUsage(isUsable: false), .noNames(commonName: nil):
            !isOfSelfSignedLeaf
        case .selfSigned, .lacksIssuer, .outOfOrder, .repeated, .keyOfFew, .anyPurpose, .noPurpose,
            .noSignatureUsage(isUsable: true), .authorityAsLeaf, .noNames, .uselessName, .mustStaple, .longLived,
            .strictlyRefused, .noCipher, .noCipherOfSchannel, .nameTaken:
            false
        }
    }

    /// Whether it is about a leaf that vouches for itself.
    public var isOfSelfSignedLeaf: Bool { position == 0 && certificate.isSelfSigned }
}
