import JSON

extension SimulatedAuthority {
    func newAccount(_ request: Signed) throws(SimulatedProblem) -> SimulatedAnswer {
        let payload = try request.message.document
        if let known = accounts.values.first(where: { $0.key == request.key }) {
            guard known.isActive else { throw .unauthorized("the account is deactivated") }
            return answer(known, status: 200)
        }
        guard payload["onlyReturnExisting"]?.bool != true else {
            throw SimulatedProblem("accountDoesNotExist", "no account has this key")
        }
        guard behaviour.terms == nil || payload["termsOfServiceAgreed"]?.bool == true else {
            throw SimulatedProblem("userActionRequired", "the terms of service are not agreed to", status: 403)
        }
        let contacts = try Self.contacts(in: payload)
        if !behaviour.externalAccounts.isEmpty {
            guard let binding = payload["externalAccountBinding"] else {
                throw SimulatedProblem("externalAccountRequired", "a new account needs an external one", status: 403)
            }
            try SignedMessage(binding)
                .verifyBinding(of: request.message.header["jwk"], url: request.url, keys: behaviour.externalAccounts)
        }
        let account = AccountRecord(url: "\(origin)/account/\(newID())", key: request.key, contacts: contacts)
        accounts[account.url] = account
        return answer(account, status: 201)
    }

    func account(_ request: Signed) throws(SimulatedProblem) -> SimulatedAnswer {
        guard let account = request.account, account.url == request.url else {
            throw .unauthorized("this is another account")
        }
        if !request.isReading {
            let payload = try request.message.document
            if payload["contact"] != nil { account.contacts = try Self.contacts(in: payload) }
            if payload["status"]?.string == "deactivated" { account.isActive = false }
        }
        return answer(account, status: 200)
    }

    /// RFC 8555, 7.3.5.
    func changeKey(_ request: Signed) throws(SimulatedProblem) -> SimulatedAnswer {
        guard let account = request.account else { throw .malformed("this wants a 'kid'") }
        let inner = try SignedMessage(try request.message.document)
        let key = try AccountPublicKey(inner.header["jwk"])
        try inner.verify(by: key)
        let payload = try inner.document
        guard inner.header["url"]?.string == request.url, inner.header["nonce"] == nil,
            payload["account"]?.string == account.url, try AccountPublicKey(payload["oldKey"]) == account.key
        else { throw .malformed("the inner JWS is not of this account") }
        guard !accounts.values.contains(where: { $0.key == key }) else {
            throw .malformed("another account has this key", status: 409)
        }
        account.key = key
        return answer(account, status: 200)
    }

    private func answer(_ account: AccountRecord, status: Int) -> SimulatedAnswer {
        SimulatedAnswer(
            [
                "status": .string(account.isActive ? "valid" : "deactivated"),
                "contact": .array(account.contacts.map(JSONValue.string)), "orders": .string("\(account.url)/orders"),
            ],
            status: status,
            [("Location", account.url)]
        )
    }

    private static func contacts(in payload: JSONValue) throws(SimulatedProblem) -> [String] {
        var contacts: [String] = []
        for contact in payload["contact"]?.array ?? [] {
            guard let text = contact.string, text.hasPrefix("mailto:") else {
                throw SimulatedProblem("unsupportedContact", "a contact is not a 'mailto:'")
            }
            guard text.contains("@"), !text.hasSuffix("@example.com"), !text.contains(",") else {
                throw SimulatedProblem("invalidContact", "nobody gets mail at '\(text.dropFirst(7))'")
            }
            contacts.append(text)
        }
        return contacts
    }
}
