import JSON
import Time

extension SimulatedAuthority {
    func directory(_ id: String) throws(SimulatedProblem) -> SimulatedAnswer {
        let step = id.isEmpty ? 0 : Int(id)
        guard let step, step >= 0, step <= behaviour.redirects else {
            throw .malformed("there is nothing here", status: 404)
        }
        guard step == behaviour.redirects else {
            return SimulatedAnswer(status: 302, [("Location", "\(origin)/directory/\(step + 1)")])
        }
        let absent: JSONValue? = behaviour.writesNull ? .null : nil
        var meta: [String: JSONValue] = [
            "website": "https://authority.example", "caaIdentities": ["authority.example"],
            "profiles": .object(behaviour.profiles.mapValues { .string("lives for \($0.lifetime) s") }),
        ]
        meta["termsOfService"] = behaviour.terms.map(JSONValue.string) ?? absent
        meta["externalAccountRequired"] = behaviour.externalAccounts.isEmpty ? absent : true
        var members: [String: JSONValue] = [
            "newNonce": .string("\(origin)/new-nonce"), "newAccount": .string("\(origin)/new-account"),
            "newOrder": .string("\(origin)/new-order"), "revokeCert": .string("\(origin)/revoke-certificate"),
            "keyChange": .string("\(origin)/key-change"), "meta": .object(meta),
            // What nobody knows, as Let's Encrypt has it in its directory.
            "k2V5cyBtYXkgYmUgYWRkZWQ": "https://authority.example/keys-may-be-added",
        ]
        members["renewalInfo"] = behaviour.offersRenewalInfo ? .string("\(origin)/renewal-info") : absent
        return SimulatedAnswer(.object(members))
    }

    /// RFC 9773, 4.2.
    func renewalInfo(_ id: String) throws(SimulatedProblem) -> SimulatedAnswer {
        guard behaviour.offersRenewalInfo, let certificate = certificates.first(where: { $0.certificateID == id })
        else {
            throw .malformed("there is no such certificate", status: 404)
        }
        let lifetime = certificate.notAfter - certificate.notBefore + 1
        let renewal = certificate.notAfter - lifetime / 3
        let window =
            behaviour.renewalWindow
            ?? .init(start: renewal - lifetime / 100, end: renewal + lifetime / 100)
        var members: [String: JSONValue] = [
            "suggestedWindow": [
                "start": .string(CivilTime(window.start).internetText),
                "end": .string(CivilTime(window.end).internetText),
            ]
        ]
        if let explanation = window.explanation { members["explanationURL"] = .string(explanation) }
        var answer = SimulatedAnswer(.object(members))
        answer.add(behaviour.retryAfter == .none ? .seconds(21_600) : behaviour.retryAfter, now: now)
        return answer
    }
}
