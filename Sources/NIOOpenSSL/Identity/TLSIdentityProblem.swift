/// A problem of an identity that can be served but that clients may reject.
public struct TLSIdentityProblem: Sendable, Hashable {
    /// What is wrong.
    public enum Kind: Sendable, Hashable {
        /// The certificate is not valid any more.
        case expired
        /// The certificate is not valid yet.
        case notYetValid
        /// The leaf is self-signed.
        case selfSigned
        /// The leaf stands alone: its issuer is not sent along.
        case lacksIssuer
        /// The certificate is not that of the issuer of the one before.
        case outOfOrder(expected: String)
        /// The certificate stands in the chain a second time.
        case repeated
        /// It has the name of the issuer of the one before, but another key: the signature does not verify.
        case wrongIssuerKey
        /// It issued the one before, but is not a certificate authority.
        case issuerIsNoAuthority
        /// There are more authorities below it than its pathlen allows.
        case pathTooLong(limit: Int)
        /// No client supports such a key.
        case keyOfNobody
        /// These clients do not support such a key.
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

    /// What is wrong.
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
    /// Clients that trust a self-signed leaf often skip verification completely, like `curl -k` and Hysteria's
    /// `insecure`: what only a verifier rejects does not affect them.
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

    /// Whether it is about a self-signed leaf.
    public var isOfSelfSignedLeaf: Bool { position == 0 && certificate.isSelfSigned }
}
