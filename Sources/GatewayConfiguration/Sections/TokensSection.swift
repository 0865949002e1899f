import Access
import Time

/// `tokens`: who may ask.
package enum TokensSection: ReloadedSection {
    /// At least one.
    package typealias Value = [TokenEntry]
    package static let key = "tokens"
    package static let mapping: SectionMapping? = SectionMapping(
        keys: ["name", "hash", "token", "tokenFile", "scopes", "users", "expires", "addresses", "view"],
        place: .entries
    )
    /// Without a token nobody could ask for anything.
    package static let defaultValue: [TokenEntry]? = nil

    package static func readAbsent(in reader: SectionReader) -> [TokenEntry]? {
        _ = reader.top.required(key, expected: "at least one token; 'hysteria-gateway token NAME' makes one")
        return nil
    }

    package static func read(_ value: YAMLValue, in reader: SectionReader) -> [TokenEntry]? {
        reader.value(of: HysteriaSection.self)??.compareUsers(of: value)
        guard let values = value.list(of: "tokens") else { return nil }

        var tokens: [TokenEntry] = []
        var lines: [String: Int] = [:]
        for value in values {
            let entry = TokenReader(value, reader.files, hasLedger: reader.value(of: LedgerSection.self) ?? nil != nil)
            if let name = entry?.name {
                if let line = lines[name.text] {
                    name.value.fail(
                        "the name \(Excerpt.quote(name.text)) is given more than once",
                        expected: "a name of its own; line \(line) has it too"
                    )
                }
                lines[name.text] = lines[name.text] ?? name.value.line
            }
            guard let token = entry?.read() else { continue }
            if let same = tokens.first(where: { $0.digest == token.digest }) {
                value.fail("the token is the same as that of '\(same.grant.name)'", expected: "a token of its own")
            }
            tokens.append(token)
        }
        return tokens.count == values.count ? tokens : nil
    }
}

extension Configuration {
    /// The tokens; at least one.
    package var tokens: [TokenEntry] { self[TokensSection.self] }
}

/// Reads one entry of `tokens`.
package struct TokenReader {
    private static let expectedName = "a name for the logs, such as phone: at most 64 letters, digits and -_.@"

    private let mapping: YAMLMapping
    private let files: ReferencedFiles
    /// Whether a token has counters of its own to clear.
    private let hasLedger: Bool
    /// The name and where it stands; nil, and a problem noted, where there is none.
    package let name: (text: String, value: YAMLValue)?

    init?(_ value: YAMLValue, _ files: ReferencedFiles, hasLedger: Bool = false) {
        guard let mapping = value.mapping(of: TokensSection.self) else { return nil }
        self.mapping = mapping
        self.files = files
        self.hasLedger = hasLedger
        self.name = TokenReader.name(mapping)
    }

    /// The token; nil, and problems noted, where it cannot be used.
    package func read() -> TokenEntry? {
        let digest = CredentialReader(mapping, files).read()
        let users = mapping["users"].map(users)
        let scopes = scopes()
        let expires = mapping["expires"].map(expires)
        let addresses = mapping["addresses"].map(addresses)
        let view = mapping["view"].map(view)
        if let scopes, scopes.contains(.clear) { checkClear(scopes) }

        guard let name, let digest, let scopes else { return nil }
        if case .some(nil) = users { return nil }
        if case .some(nil) = expires { return nil }
        if case .some(nil) = addresses { return nil }
        if case .some(nil) = view { return nil }
        if scopes.contains(.subscription), !checkSubscription(scopes, users ?? nil) { return nil }
        return TokenEntry(
            digest: digest,
            grant: TokenGrant(
                name: name.text,
                scopes: scopes,
                users: users ?? nil,
                expires: expires ?? nil,
                addresses: addresses ?? nil,
                view: view ?? nil
            )
        )
    }

    private static func name(_ mapping: YAMLMapping) -> (text: String, value: YAMLValue)? {
        guard let value = mapping.required("name", expected: expectedName),
            let text = value.text(expected: expectedName)
        else { return nil }
        guard TokenReader.isName(text) else {
            value.fail("found \(Excerpt.quote(text))", expected: expectedName)
            return nil
        }
        return (text, value)
    }

    /// Whether a text is good as the name of a token: it goes into logs as it is.
    static func isName(_ text: String) -> Bool {
        (1...64).contains(text.unicodeScalars.count) && !text.hasPrefix("hg_")
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal
                    || "-_.@".unicodeScalars.contains(scalar)
            }
    }

    private func scopes() -> ScopeSet? {
        let names = Scope.allNames.joined(separator: ", ")
        let expected = "a list of \(names)"
        guard let value = mapping.required("scopes", expected: expected),
            let values = value.list(
                of: "scopes",
                example: "[traffic, online]",
                accepts: { Scope(name: $0) != nil }
            )
        else { return nil }
        var scopes: ScopeSet = []
        var isWhole = true
        for value in values {
            if let text = value.node.scalar?.string, ["*", "all", "admin", "any"].contains(text.lowercased()) {
                value.fail("there is no scope that includes all", expected: "some of [\(names)]")
                isWhole = false
                continue
            }
            if let text = value.node.scalar?.string, text.contains(","),
                let meant = ListText.meant(by: text, accepts: { Scope(name: $0) != nil })
            {
                value.fail("found \(Excerpt.quote(text)) as one scope", expected: "\(meant), without quotes")
                isWhole = false
                continue
            }
            guard let scope = value.word(among: Scope.allNames, kind: "scope").flatMap(Scope.init(name:)) else {
                isWhole = false
                continue
            }
            if scopes.contains(scope) {
                value.fail("'\(scope)' is given more than once", expected: "each scope once")
                isWhole = false
            }
            scopes.insert(scope)
        }
        return isWhole ? scopes : nil
    }

    /// `clear` empties the counters of every user at once, together with reading them.
    private func checkClear(_ scopes: ScopeSet) {
        guard let value = mapping["scopes"] else { return }
        if !scopes.contains(.traffic) {
            value.fail("'clear' without 'traffic' opens nothing", expected: "both, or neither")
        }
        if mapping["users"] != nil, !hasLedger {
            value.fail(
                "'clear' empties the counters of all users, but the token is limited to some",
                expected: "no 'users' beside 'clear', or a ledger, where a token clears its own counters"
            )
        }
    }

    /// The counters that the token shares with others.
    private func view(_ value: YAMLValue) -> String? {
        let expected = "a name, the same in each token that shares the counters"
        guard let text = value.text(expected: expected) else { return nil }
        guard TokenReader.isName(text) else {
            value.fail("found \(Excerpt.quote(text))", expected: expected)
            return nil
        }
        return text
    }

    /// A token that stands in a path is seen by more eyes than others: it is good for one user's figures and nothing else.
    private func checkSubscription(_ scopes: ScopeSet, _ users: UserSet?) -> Bool {
        guard let value = mapping["scopes"] else { return false }
        guard scopes == ScopeSet(.subscription) else {
            value.fail("'subscription' beside other scopes", expected: "a token of its own for 'subscription'")
            return false
        }
        guard users?.names.count == 1 else {
            value.fail(
                "'subscription' for more than one user",
                expected: "'users' with the one user of the subscription"
            )
            return false
        }
        return true
    }

    private func users(_ value: YAMLValue) -> UserSet? {
        guard let values = value.list(of: "users of Hysteria", example: "[wang, farah]") else { return nil }
        var names: [String] = []
        // Bytes, and not strings, which are equal in more than one spelling.
        var known: Set<[UInt8]> = []
        for value in values {
            guard let name = value.text(expected: "the name of a user") else { continue }
            if let first = name.unicodeScalars.first(where: ConfusableCharacter.isInvisible) {
                value.warn(
                    "the name of this user has a character that is invisible, \(ConfusableCharacter.number(first))",
                    advice: "make sure that Hysteria's has it, too"
                )
            } else if name.first == " " || name.last == " " {
                value.warn(
                    "the name of this user begins or ends with whitespace",
                    advice: "make sure that Hysteria's does, too"
                )
            }
            guard known.insert(Array(name.utf8)).inserted else {
                value.fail("\(Excerpt.quote(name)) is given more than once", expected: "each user once")
                continue
            }
            names.append(name)
        }
        return names.count == values.count ? UserSet(names) : nil
    }

    private func addresses(_ value: YAMLValue) -> [AddressRange]? {
        guard let values = value.list(of: "addresses", example: "[192.0.2.0/24, 2001:db8::/32]") else { return nil }
        var ranges: [AddressRange] = []
        for value in values {
            guard let text = value.text(expected: "an address or a range of them") else { continue }
            do throws(AddressRange.ParsingError) {
                let range = try AddressRange(text)
                if ranges.contains(range) {
                    value.fail("\(text) is given more than once", expected: "each range once")
                } else {
                    ranges.append(range)
                }
            } catch {
                value.fail(error.found, expected: error.expected)
            }
        }
        return ranges.count == values.count ? ranges : nil
    }

    private func expires(_ value: YAMLValue) -> Int64? {
        let expected = "a date such as 2027-01-01 (from its start, in UTC) or 2027-01-01T12:00:00Z"
        guard let text = value.text(expected: expected) else { return nil }
        guard let moment = ExpiryText.parse(text) else {
            if ["never", "none", "false", "no"].contains(text.lowercased()) {
                value.fail("found \(Excerpt.quote(text))", expected: "no 'expires' at all, if the token has no end")
            } else if let meant = ExpiryText.meant(by: text) {
                value.fail("found \(Excerpt.quote(text))", nearest: meant)
            } else {
                value.fail("found \(Excerpt.quote(text))", expected: expected)
            }
            return nil
        }
        if moment <= files.environment.now() {
            value.warn(
                "the token expired at \(CivilTime(moment).internetText) and opens nothing",
                advice: "remove or renew it"
            )
        }
        return moment
    }
}
