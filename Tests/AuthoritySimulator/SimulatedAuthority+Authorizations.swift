import JSON
import OpenSSLCrypto
import Text
import Time

extension SimulatedAuthority {
    /// The authorization for an identifier of an order: a new one, or one that the account has.
    func authorization(of identifier: OrderIdentifier, _ account: AccountRecord) -> AuthorizationRecord {
        let isWildcard = identifier.value.hasPrefix("*.")
        let proved =
            isWildcard ? OrderIdentifier(type: "dns", value: String(identifier.value.dropFirst(2))) : identifier
        if behaviour.reusesAuthorizations {
            let known = authorizations.values.first {
                $0.account === account && $0.identifier == proved && $0.isWildcard == isWildcard && $0.expires > now
                    && ($0.status == "valid" || $0.status == "pending")
            }
            if let known { return known }
        }
        let kinds = behaviour.challenges.filter { kind in
            kind == "dns-01" ? identifier.type == "dns" : !isWildcard
        }
        let unknown = behaviour.addsUnknownChallenges ? ["dns-persist-01", "unknown-01"] : []
        let authorization = AuthorizationRecord(
            url: "\(origin)/authorization/\(newID())",
            account: account,
            identifier: proved,
            isWildcard: isWildcard,
            challenges: (unknown + kinds).map { kind in
                ChallengeRecord(
                    url: "\(origin)/challenge/\(newID())",
                    kind: kind,
                    token: kind == "dns-persist-01" ? "" : Base64.encodeForURL(SecretBytes.random(32))
                )
            },
            expires: now + 7 * 86_400
        )
        authorizations[authorization.url] = authorization
        for challenge in authorization.challenges { challenges[challenge.url] = authorization }
        return authorization
    }

    func authorization(_ request: Signed) throws(SimulatedProblem) -> SimulatedAnswer {
        let authorization = try found(authorizations[request.url], of: request) { $0.account }
        authorization.look(now: now)
        if !request.isReading {
            guard try request.message.document["status"]?.string == "deactivated" else {
                throw .malformed("an authorization can only be deactivated")
            }
            guard authorization.status == "pending" || authorization.status == "valid" else {
                throw .malformed("the authorization is \(authorization.status)")
            }
            authorization.status = "deactivated"
        }
        var members: [String: JSONValue] = [
            "status": .string(authorization.status), "expires": .string(CivilTime(authorization.expires).internetText),
            "identifier": authorization.identifier.json,
            "challenges": .array(authorization.challenges.map(\.json)),
        ]
        if authorization.isWildcard { members["wildcard"] = true }
        var answer = SimulatedAnswer(.object(members))
        if authorization.status == "pending" { answer.add(behaviour.retryAfter, now: now) }
        return answer
    }

    func challenge(_ request: Signed) throws(SimulatedProblem) -> SimulatedAnswer {
        let authorization = try found(challenges[request.url], of: request) { $0.account }
        guard let challenge = authorization.challenges.first(where: { $0.url == request.url }) else {
            throw .malformed("there is nothing here", status: 404)
        }
        if request.isReading {
            authorization.look(now: now)
        } else {
            guard try request.message.document == .object([:]) else {
                throw .malformed("the answer to a challenge is {}")
            }
            guard behaviour.challenges.contains(challenge.kind) else {
                throw .malformed("this is not a challenge to answer")
            }
            // A second answer changes nothing: no authority validates twice (RFC 8555, 7.5.1).
            if challenge.status == "pending", authorization.status == "pending", authorization.decision == nil {
                begin(challenge, of: authorization)
            }
        }
        return SimulatedAnswer(
            challenge.json,
            [("Link", "<\(authorization.url)>;rel=\"up\""), ("Location", challenge.url)]
        )
    }

    private func begin(_ challenge: ChallengeRecord, of authorization: AuthorizationRecord) {
        challenge.status = "processing"
        authorization.readingsLeft = behaviour.validationReadings
        switch behaviour.validations[authorization.identifier.value] ?? behaviour.validation {
        case .passed: authorization.decision = (challenge, nil)
        case .failed(let problem): authorization.decision = (challenge, problem)
        case .performed:
            let proof = ProofRequest(
                kind: challenge.kind,
                identifier: authorization.identifier.value,
                token: challenge.token,
                keyAuthorization: "\(challenge.token).\(authorization.account.key.thumbprint)"
            )
            ask(proof, times: max(1, behaviour.vantagePoints), challenge, of: authorization)
        }
    }

    private func ask(
        _ proof: ProofRequest,
        times: Int,
        _ challenge: ChallengeRecord,
        of authorization: AuthorizationRecord
    ) {
        validate(proof).assumeIsolated().whenComplete { result in
            let problem: SimulatedProblem?
            switch result {
            case .success(let found): problem = found
            case .failure(let error): problem = SimulatedProblem("serverInternal", "\(error)")
            }
            guard problem == nil, times > 1 else { return authorization.decision = (challenge, problem) }
            self.ask(proof, times: times - 1, challenge, of: authorization)
        }
    }
}

extension ChallengeRecord {
    var json: JSONValue {
        var members: [String: JSONValue] = ["type": .string(kind), "url": .string(url), "status": .string(status)]
        if !token.isEmpty { members["token"] = .string(token) }
        if let problem { members["error"] = problem.json }
        if let validated, status == "valid" { members["validated"] = .string(CivilTime(validated).internetText) }
        return .object(members)
    }
}
