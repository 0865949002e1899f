import JSON

/// Where an authority wants which request (RFC 8555, 7.1.1). No URL of an authority is written anywhere else.
package struct Directory: Hashable, Sendable {
    package let newNonce: String
    package let newAccount: String
    package let newOrder: String
    package let revokeCert: String?
    /// Where to ask when to renew (RFC 9773), if the authority says so.
    package let renewalInfo: String?
    /// The terms that are agreed to with an account.
    package let terms: String?
    package let needsExternalAccount: Bool
    /// The names of the profiles that can be asked for.
    package let profiles: Set<String>
    /// Whom CAA records have to name for this authority.
    package let caaIdentities: [String]

    package init(_ json: JSONValue) throws(DocumentError) {
        newNonce = try json.url("newNonce", of: "directory")
        newAccount = try json.url("newAccount", of: "directory")
        newOrder = try json.url("newOrder", of: "directory")
        revokeCert = AuthorityURL.usable(json["revokeCert"]?.string)
        renewalInfo = AuthorityURL.usable(json["renewalInfo"]?.string)
        let meta = json["meta"]
        terms = meta?["termsOfService"]?.string?.asLine
        needsExternalAccount = meta?["externalAccountRequired"]?.bool ?? false
        profiles = Set((meta?["profiles"]?.object ?? [:]).keys)
        caaIdentities = (meta?["caaIdentities"]?.array ?? []).compactMap { $0.string?.asLine }
    }

    /// The profile to ask for. Nil for none; throws where there is none that will do.
    package func profile(
        for identifiers: [Identifier],
        rule: ProfileRule
    ) throws(AttemptProblem) -> String? {
        switch rule {
        case .automatic:
            // Let's Encrypt issues for addresses with this profile alone.
            let name = "shortlived"
            return identifiers.contains(where: \.isAddress) && profiles.contains(name) ? name : nil
        case .named(let name):
            guard !profiles.contains(name) else { return name }
            let offered = profiles.isEmpty ? "none" : profiles.sorted().joined(separator: ", ").asLine
            throw AttemptProblem(
                .dormant,
                type: "invalidProfile",
                "the authority has no profile '\(name)': change acme.profile; it has \(offered)"
            )
        }
    }

    /// Where to ask about the renewal of a certificate.
    package func renewalInfo(of certID: String) -> String? {
        guard let renewalInfo,
            certID.utf8.allSatisfy({
                $0 == UInt8(ascii: ".") || Base64URL.isValid("\(Character(Unicode.Scalar($0)))", upTo: 1)
            })
        else { return nil }
        return renewalInfo.hasSuffix("/") ? renewalInfo + certID : "\(renewalInfo)/\(certID)"
    }
}
