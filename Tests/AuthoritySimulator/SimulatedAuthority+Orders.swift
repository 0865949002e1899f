import JSON
import Time

extension SimulatedAuthority {
    func newOrder(_ request: Signed) throws(SimulatedProblem) -> SimulatedAnswer {
        guard let account = request.account else { throw .malformed("this wants a 'kid'") }
        let payload = try request.message.document
        guard payload["notBefore"] == nil, payload["notAfter"] == nil else {
            throw .malformed("notBefore and notAfter are not supported")
        }
        let profile = payload["profile"]?.string
        if let profile, behaviour.profiles[profile] == nil {
            throw SimulatedProblem("invalidProfile", "there is no profile '\(profile)'")
        }
        let rules = profile.flatMap { behaviour.profiles[$0] } ?? behaviour.profile
        let identifiers = try identifiers(in: payload, rules)
        if let replaces = payload["replaces"]?.string { try check(replaces, account, identifiers) }

        let known = orders.values.first {
            $0.account === account && $0.identifiers == identifiers && $0.profile == profile
                && ($0.status == "valid" ? behaviour.reusesFinishedOrders : behaviour.reusesOrders)
                && $0.status != "invalid"
        }
        if let known {
            known.look(now: now)
            if known.status != "invalid" { return answer(known, status: 201) }
        }
        let order = OrderRecord(
            url: "\(origin)/order/\(newID())",
            account: account,
            identifiers: identifiers,
            authorizations: behaviour.skipsAuthorizations ? [] : identifiers.map { authorization(of: $0, account) },
            profile: profile,
            replaces: payload["replaces"]?.string,
            expires: now + 7 * 86_400
        )
        orders[order.url] = order
        order.look(now: now)
        return answer(order, status: 201)
    }

    private func identifiers(
        in payload: JSONValue,
        _ rules: AuthorityBehaviour.Profile
    ) throws(SimulatedProblem) -> [OrderIdentifier] {
        var identifiers: [OrderIdentifier] = []
        for entry in payload["identifiers"]?.array ?? [] {
            guard let type = entry["type"]?.string, let value = entry["value"]?.string else {
                throw .malformed("an identifier has no type or no value")
            }
            switch type {
            case "dns":
                let labels = value.split(separator: ".", omittingEmptySubsequences: false)
                let isGood = labels.enumerated().allSatisfy { index, label in
                    (label == "*" && index == 0)
                        || (!label.isEmpty && label.utf8.count < 64 && label.utf8.allSatisfy(Self.isOfName))
                }
                guard isGood, labels.count > 1, AddressText.bytes(of: value) == nil else {
                    throw SimulatedProblem(
                        "rejectedIdentifier",
                        "'\(value)' is not a name that a certificate can be for"
                    )
                }
            case "ip":
                guard let bytes = AddressText.bytes(of: value), AddressText.text(of: bytes) == value else {
                    throw .malformed("'\(value)' is no address, or not written as in RFC 5952")
                }
                guard rules.allowsAddresses else {
                    throw SimulatedProblem("rejectedIdentifier", "the profile has no certificates for addresses")
                }
            default: throw SimulatedProblem("unsupportedIdentifier", "'\(type)' is not a type of identifiers here")
            }
            identifiers.append(OrderIdentifier(type: type, value: value))
        }
        guard !identifiers.isEmpty, identifiers.count <= 100, Set(identifiers).count == identifiers.count else {
            throw .malformed("there are no identifiers, too many, or one twice")
        }
        return identifiers
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
        default: false
        }
    }

    /// RFC 9773, 5.
    private func check(
        _ replaces: String,
        _ account: AccountRecord,
        _ identifiers: [OrderIdentifier]
    ) throws(SimulatedProblem) {
        guard let old = certificates.first(where: { $0.certificateID == replaces }) else {
            throw .malformed("no certificate '\(replaces)' was issued here", status: 404)
        }
        guard old.account == account.url else { throw .unauthorized("the certificate is another account's") }
        guard identifiers.contains(where: { old.identifiers.contains($0.value) }) else {
            throw .malformed("the certificate has no identifier of this order")
        }
        let isReplaced =
            certificates.contains { $0.replaces == replaces }
            || orders.values.contains { $0.replaces == replaces && $0.status != "invalid" }
        guard !isReplaced else {
            throw SimulatedProblem("alreadyReplaced", "another order has replaced '\(replaces)'", status: 409)
        }
    }

    func order(_ request: Signed) throws(SimulatedProblem) -> SimulatedAnswer {
        let order = try found(orders[request.url], of: request) { $0.account }
        guard request.isReading else { throw .malformed("an order is only read") }
        order.look(now: now)
        return answer(order, status: 200)
    }

    func finalize(_ request: Signed) throws(SimulatedProblem) -> SimulatedAnswer {
        let order = try found(orders["\(origin)/order/\(request.id)"], of: request) { $0.account }
        order.look(now: now)
        guard order.status == "ready" else {
            throw SimulatedProblem("orderNotReady", "the order is \(order.status)", status: 403)
        }
        guard let text = try request.message.document["csr"]?.string, let der = Base64URLText.decode(text) else {
            throw SimulatedProblem("badCSR", "there is no CSR, or not in base64url")
        }
        let wish = try CertificateWish(der: der)
        guard wish.identifiers == order.identifiers.map(\.value).sorted() else {
            throw SimulatedProblem(
                "badCSR",
                "the CSR is for \(wish.identifiers), the order for \(order.identifiers.map(\.value))"
            )
        }
        guard wish.key != order.account.key.der else {
            throw SimulatedProblem("badPublicKey", "the key of the CSR is the account's")
        }
        let rules = order.profile.flatMap { behaviour.profiles[$0] } ?? behaviour.profile
        let issued: CertificateIssuer.Issued
        do {
            issued = try issuer.issue(wish, lifetime: rules.lifetime, now: now, fault: behaviour.certificateFault)
        } catch {
            throw SimulatedProblem("serverInternal", "\(error)", status: 500)
        }
        let url = "\(origin)/certificate/\(newID())"
        order.certificate = (url, issued.pem)
        chains[url] = (issued.pem, order.account)
        order.readingsLeft = behaviour.issuanceReadings
        order.status = order.readingsLeft == 0 ? "valid" : "processing"
        certificates.append(
            SimulatedCertificate(
                identifiers: wish.identifiers,
                account: order.account.url,
                profile: order.profile,
                certificateID: issued.certificateID,
                replaces: order.replaces,
                notBefore: issued.notBefore,
                notAfter: issued.notAfter,
                time: now,
                pem: issued.pem,
                key: wish.key
            )
        )
        // Not every authority repeats here where the order is (RFC 8555, 7.4).
        return answer(order, status: 200, hasLocation: false)
    }

    private func answer(_ order: OrderRecord, status: Int, hasLocation: Bool = true) -> SimulatedAnswer {
        var members: [String: JSONValue] = [
            "status": .string(order.status), "expires": .string(CivilTime(order.expires).internetText),
            "identifiers": .array(order.identifiers.map(\.json)),
            "authorizations": .array(order.authorizations.map { .string($0.url) }),
            "finalize": .string("\(order.url)/finalize"),
        ]
        if order.status == "valid", let certificate = order.certificate {
            members["certificate"] = .string(certificate.url)
        }
        if let problem = order.problem { members["error"] = problem.json }
        if let profile = order.profile { members["profile"] = .string(profile) }
        if let replaces = order.replaces { members["replaces"] = .string(replaces) }
        var answer = SimulatedAnswer(.object(members), status: status, hasLocation ? [("Location", order.url)] : [])
        if order.status == "processing" || order.status == "pending" { answer.add(behaviour.retryAfter, now: now) }
        return answer
    }

    /// What a URL leads to, if it is the account's.
    func found<Record>(
        _ record: Record?,
        of request: Signed,
        owner: (Record) -> AccountRecord
    ) throws(SimulatedProblem) -> Record {
        guard let record else { throw .malformed("there is nothing here", status: 404) }
        guard owner(record) === request.account else { throw .unauthorized("this is another account's") }
        return record
    }
}

extension OrderIdentifier {
    var json: JSONValue { ["type": .string(type), "value": .string(value)] }
}
