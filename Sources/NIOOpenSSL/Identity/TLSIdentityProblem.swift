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

extension TLSIdentity {
    /// What clients may stumble over in this identity alone.
    ///
    /// - Parameter now: Seconds since 1970.
    public func problems(at now: Int64) -> [TLSIdentityProblem] {
        let certificates = [leaf] + chain
        var problems: [TLSIdentityProblem] = []
        for (position, certificate) in certificates.enumerated() {
            if now > certificate.notAfter {
                problems.append(problem(.expired, certificate, position))
            } else if now < certificate.notBefore {
                problems.append(problem(.notYetValid, certificate, position))
            }
        }
        if leaf.issuer == leaf.subject {
            problems.append(problem(.selfSigned))
        } else if chain.isEmpty {
            problems.append(problem(.lacksIssuer))
        }
        for (position, certificate) in certificates.enumerated().dropFirst()
        where certificate.subject != certificates[position - 1].issuer {
            problems.append(problem(.outOfOrder(expected: certificates[position - 1].issuer), certificate, position))
        }
        return problems
    }

    func problem(
        _ kind: TLSIdentityProblem.Kind,
        _ certificate: TLSCertificate? = nil,
        _ position: Int = 0
    ) -> TLSIdentityProblem {
        TLSIdentityProblem(
            kind: kind,
            source: certificateSource,
            certificate: certificate ?? leaf,
            position: position
        )
    }
}
