extension TLSIdentity {
    /// Why clients may reject this identity by itself.
    ///
    /// - Parameter now: Seconds since 1970.
    public func problems(at now: Int64) -> [TLSIdentityProblem] {
        var problems = problemsOfTime(at: now)
        problems += LeafInspection(leaf).problems.map { problem($0) }
        if leaf.isSelfSigned { problems.append(problem(.selfSigned)) }
        problems += ChainInspection(certificates).problems.map { problem($0.kind, $0.position) }
        if !problems.contains(where: { $0.kind.explainsRefusal }) {
            problems += ChainVerdict(certificates).problems.map { problem($0.kind, $0.position) }
        }
        return problems
    }

    private func problemsOfTime(at now: Int64) -> [TLSIdentityProblem] {
        certificates.enumerated().compactMap { position, certificate in
            if now > certificate.notAfter { return problem(.expired, position) }
            return now < certificate.notBefore ? problem(.notYetValid, position) : nil
        }
    }

    func problem(_ kind: TLSIdentityProblem.Kind, _ position: Int = 0) -> TLSIdentityProblem {
        TLSIdentityProblem(
            kind: kind,
            source: certificateSource,
            certificate: position == 0 ? leaf : chain[position - 1],
            position: position
        )
    }
}

extension TLSIdentityProblem.Kind {
    /// Whether a verifier refuses the chain because of it: its verdict would say the same in other words.
    fileprivate var explainsRefusal: Bool {
        switch self {
        case .lacksIssuer, .outOfOrder, .wrongIssuerKey, .issuerIsNoAuthority, .pathTooLong, .unknownCriticalExtension,
            .notForServers, .noSignatureUsage(isUsable: false):
            true
        default:
            false
        }
    }
}
