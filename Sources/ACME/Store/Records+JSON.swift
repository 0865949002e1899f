import JSON

// What is kept in files. What cannot be read is as if it were absent, and never a reason not to start.

extension AccountRecord {
    package init?(json: JSONValue) {
        guard let url = AuthorityURL.usable(json["url"]?.string) else { return nil }
        self.init(
            url: url,
            contact: (json["contact"]?.array ?? []).compactMap(\.string),
            terms: json["terms"]?.string,
            registeredAt: json.seconds("registeredAt") ?? 0,
            repairedAt: json.seconds("repairedAt") ?? 0
        )
    }

    package var json: JSONValue {
        [
            "url": .string(url), "contact": .array(contact.map(JSONValue.string)), "terms": .text(terms),
            "registeredAt": .seconds(registeredAt), "repairedAt": .seconds(repairedAt),
        ]
    }
}

extension OrderRecord {
    package init?(json: JSONValue) {
        guard let url = AuthorityURL.usable(json["url"]?.string), let identifiers = json["identifiers"]?.identifiers,
            let account = AuthorityURL.usable(json["account"]?.string),
            let proof = json["proof"]?.string.flatMap(ProofKind.init), let createdAt = json.seconds("createdAt")
        else { return nil }
        self.init(
            url: url,
            identifiers: identifiers,
            account: account,
            proof: proof,
            createdAt: createdAt,
            expires: json.seconds("expires"),
            replaces: json["replaces"]?.string
        )
    }

    package var json: JSONValue {
        [
            "url": .string(url), "identifiers": JSONValue(identifiers), "account": .string(account),
            "proof": .string(proof.rawValue), "createdAt": .seconds(createdAt), "expires": .seconds(expires),
            "replaces": .text(replaces),
        ]
    }
}

extension CertificateRecord {
    package init?(json: JSONValue) {
        guard let identifiers = json["identifiers"]?.identifiers, let authority = json["authority"]?.string,
            let account = json["account"]?.string, let serial = json["serial"]?.string,
            let notBefore = json.seconds("notBefore"), let notAfter = json.seconds("notAfter"),
            let issuedAt = json.seconds("issuedAt"), notBefore < notAfter
        else { return nil }
        let renewal = json["renewal"].flatMap { renewal -> KeptRenewalInfo? in
            guard let start = renewal.seconds("start"), let end = renewal.seconds("end"),
                let chosen = renewal.seconds("chosen")
            else { return nil }
            return KeptRenewalInfo(
                start: start,
                end: end,
                chosen: chosen,
                explanation: renewal["explanation"]?.string
            )
        }
        self.init(
            identifiers: identifiers,
            authority: authority,
            account: account,
            certificate: IssuedCertificate(
                serial: serial,
                certID: json["certID"]?.string,
                notBefore: notBefore,
                notAfter: notAfter
            ),
            issuedAt: issuedAt,
            renewal: renewal,
            askAt: json.seconds("askAt") ?? 0,
            replacesRefused: json["replacesRefused"]?.bool ?? false
        )
    }

    package var json: JSONValue {
        [
            "identifiers": JSONValue(identifiers), "authority": .string(authority), "account": .string(account),
            "serial": .string(certificate.serial), "certID": .text(certificate.certID),
            "notBefore": .seconds(certificate.notBefore), "notAfter": .seconds(certificate.notAfter),
            "issuedAt": .seconds(issuedAt),
            "renewal": renewal.map { renewal in
                [
                    "start": .seconds(renewal.start), "end": .seconds(renewal.end), "chosen": .seconds(renewal.chosen),
                    "explanation": .text(renewal.explanation),
                ]
            } ?? .null,
            "askAt": .seconds(askAt), "replacesRefused": .bool(replacesRefused),
        ]
    }
}

extension AttemptHistory {
    package init?(json: JSONValue) {
        guard let identifiers = json["identifiers"]?.identifiers, let next = json.seconds("next") else { return nil }
        func moments(_ key: String) -> [Int64] {
            (json[key]?.array ?? []).suffix(16).compactMap(\.seconds).sorted()
        }
        func count(_ key: String) -> Int { min(max(0, json[key]?.integer ?? 0), 1_000_000) }
        self.init(identifiers: identifiers, settings: json["settings"]?.string ?? "")
        failures = count("failures")
        authorityFailures = count("authorityFailures")
        failedAt = moments("failedAt")
        limitedUntil = json.seconds("limitedUntil") ?? 0
        self.next = next
        isDormant = json["dormant"]?.bool ?? false
        problem = json["problem"]?.string?.asLine
        validationFailedAt = json.seconds("validationFailedAt")
        proofTurn = count("proofTurn")
        issued = moments("issued")
    }

    package var json: JSONValue {
        func moments(_ moments: [Int64]) -> JSONValue { .array(moments.map { .integer(Int($0)) }) }
        return [
            "identifiers": JSONValue(identifiers), "settings": .string(settings), "failures": .integer(failures),
            "authorityFailures": .integer(authorityFailures), "failedAt": moments(failedAt),
            "limitedUntil": .seconds(limitedUntil), "next": .seconds(next), "dormant": .bool(isDormant),
            "problem": .text(problem), "validationFailedAt": .seconds(validationFailedAt),
            "proofTurn": .integer(proofTurn), "issued": moments(issued),
        ]
    }
}
