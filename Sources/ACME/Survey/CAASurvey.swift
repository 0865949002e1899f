/// Looks whether the CAA records of a name let an authority issue for it, as the authority looks itself before it does (RFC 8659, RFC 8657).
package struct CAASurvey: Sendable {
    private let query: CAAQuery
    private let authority: String
    /// What records call the authority.
    private let domains: [String]
    private let kinds: [ProofKind]
    private let account: String?

    /// - Parameters:
    ///   - authority: As it is called in the settings.
    ///   - directory: What the authority answered.
    ///   - kinds: The kinds of proof that can be given, in their order.
    ///   - account: The URL of the account; nil before the first order.
    package init(
        _ query: CAAQuery,
        authority: AuthoritySettings,
        directory: Directory,
        kinds: [ProofKind],
        account: String?
    ) {
        self.query = query
        self.authority = authority.name
        // They come from outside, and are to be written into a zone file.
        domains = directory.caaIdentities.compactMap { text in
            guard case .name(let name)? = try? Identifier(text), !name.hasPrefix("*") else { return nil }
            return name
        }
        self.kinds = kinds
        self.account = account.flatMap(AuthorityURL.usable)
    }

    /// What was found; nothing for an address, of which no records are asked for.
    package func run(for identifier: Identifier) async -> [SurveyFinding] {
        guard let name = DNSName(identifier) else { return [] }
        do throws(DNSError) {
            let found = try await query.records(for: name)
            return [finding(identifier, found)]
        } catch {
            return [
                .warning(
                    "\(identifier.value): its CAA records cannot be found out: \(error); an authority that gets no answer either does not issue"
                )
            ]
        }
    }

    // MARK: Judging

    private func finding(_ identifier: Identifier, _ found: CAAQuery.Found?) -> SurveyFinding {
        let name = identifier.value
        guard let found else {
            return .ok("\(name): no CAA record forbids anything\(binding(identifier))")
        }
        // An authority that does not understand a critical tag must not issue (RFC 8659, 4.1).
        if let record = found.records.first(where: { $0.isCritical && !Self.knownTags.contains($0.tag) }) {
            return .failure(
                "\(name): '\(found.name) \(record)' is critical and unknown to authorities, so that none issues: remove it"
            )
        }
        let records = governing(identifier, found.records)
        guard !records.isEmpty else {
            return .ok("\(name): the CAA records of \(found.name) limit no issuing of it\(binding(identifier))")
        }
        func texts(_ records: [CAARecord]) -> String {
            records.prefix(5).map { "'\(found.name) \($0)'" }.joined(separator: " and ")
        }
        guard !domains.isEmpty else {
            return .warning(
                "\(name): \(authority) does not say what CAA records call it; does \(texts(records)) name it?"
            )
        }
        let named = records.filter { record in CAAIssuer(record.value).domain.map(domains.contains) ?? false }
        guard !named.isEmpty else {
            return .failure(
                "\(name): \(texts(records)) lets others issue, and not \(authority): "
                    + "add '\(record(identifier, at: found.name))'"
            )
        }
        return conditions(identifier, named.map { CAAIssuer($0.value) }, texts(named), found.name)
    }

    private static let knownTags: Set<String> = ["issue", "issuewild", "iodef", "issuemail"]

    /// The records that decide: for a wildcard its own where there are some (RFC 8659, 4.3).
    private func governing(_ identifier: Identifier, _ records: [CAARecord]) -> [CAARecord] {
        let wildcards = records.filter { $0.tag == "issuewild" }
        return identifier.isWildcard && !wildcards.isEmpty ? wildcards : records.filter { $0.tag == "issue" }
    }

    /// What the records that name the authority ask for besides (RFC 8657).
    private func conditions(
        _ identifier: Identifier,
        _ issuers: [CAAIssuer],
        _ texts: String,
        _ owner: DNSName
    ) -> SurveyFinding {
        let name = identifier.value
        let usable = kinds.filter { $0.canProve(identifier) }
        // One that names two accounts, or two lists, is for nobody (RFC 8657, 3 and 4).
        let readable = issuers.filter {
            $0.values(of: "accounturi").count < 2 && $0.values(of: "validationmethods").count < 2
        }
        let ours = readable.filter { issuer in
            guard let uri = issuer.values(of: "accounturi").first else { return true }
            return account == nil || uri == account
        }
        guard !ours.isEmpty else {
            return .failure(
                "\(name): \(texts) is for another account of \(authority): replace it by '\(record(identifier, at: owner))'"
            )
        }
        let allowed = usable.filter { kind in
            ours.contains { issuer in
                guard let methods = issuer.values(of: "validationmethods").first else { return true }
                return methods.split(separator: ",").contains { $0 == kind.rawValue }
            }
        }
        guard !allowed.isEmpty else {
            let list = usable.map(\.rawValue).joined(separator: ", ")
            return .failure(
                "\(name): \(texts) allows no kind of proof that can be given here (\(list.isEmpty ? "none" : list)): replace it by "
                    + "'\(record(identifier, at: owner))'"
            )
        }
        if account == nil, ours.allSatisfy({ !$0.values(of: "accounturi").isEmpty }) {
            return .warning(
                "\(name): \(texts) is for one account of \(authority), and this gateway has none yet: if it is not to have that one's key, "
                    + "remove the condition until there is one"
            )
        }
        guard allowed == usable else {
            let list = allowed.map(\.rawValue).joined(separator: ", ")
            return .warning(
                "\(name): \(texts) allows \(list) alone: name no other kinds in acme.proofs, as each attempt with one fails"
            )
        }
        let isBound = ours.contains { $0.values(of: "accounturi").first != nil && account != nil }
        return .ok("\(name): \(texts) lets \(authority) issue\(isBound ? ", for this account" : binding(identifier))")
    }

    // MARK: Records to add

    /// The record that keeps everybody else from getting a certificate, if there is enough to write it.
    private func binding(_ identifier: Identifier) -> String {
        guard account != nil, !domains.isEmpty, let name = DNSName(identifier) else { return "" }
        return "; '\(record(identifier, at: name))' would bind issuing to this account"
    }

    private func record(_ identifier: Identifier, at name: DNSName) -> String {
        let methods = kinds.filter { $0.canProve(identifier) }.map(\.rawValue).joined(separator: ",")
        var value = domains.first ?? ""
        // A semicolon would end the value.
        if let account, !account.contains(";") { value += "; accounturi=\(account)" }
        if !methods.isEmpty { value += "; validationmethods=\(methods)" }
        return "\(name). CAA 0 \(identifier.isWildcard ? "issuewild" : "issue") \"\(value)\""
    }
}
