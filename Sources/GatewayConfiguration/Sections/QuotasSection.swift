import Text

/// What a user may move in a period, as the operator has said it. It is shown, and not enforced.
package struct Quota: Sendable, Hashable {
    /// Bytes of both ways together; nil: no limit, for one who only has another billing day.
    package var bytes: UInt64?
    /// On which day of the month the user's periods begin; nil: as `ledger.monthBegins` says.
    package var monthBegins: Int?

    package init(bytes: UInt64?, monthBegins: Int?) {
        self.bytes = bytes
        self.monthBegins = monthBegins
    }
}

/// `quotas`: how much users may move, and on which day their months begin.
package enum QuotasSection: ReloadedSection {
    /// By the user's name, compared byte by byte.
    package typealias Value = [ByteKey: Quota]
    package static let key = "quotas"
    package static let mapping: SectionMapping? = SectionMapping(
        keys: ["users", "bytes", "monthBegins"],
        place: .entries
    )
    package static let defaultValue: [ByteKey: Quota]? = [:]

    package static func read(_ value: YAMLValue, in reader: SectionReader) -> [ByteKey: Quota]? {
        guard let entries = value.list(of: "quotas") else { return nil }
        var quotas: [ByteKey: Quota] = [:]
        var isWhole = true
        for entry in entries {
            guard let (users, quota) = read(entry) else {
                isWhole = false
                continue
            }
            for user in users where quotas.updateValue(quota, forKey: ByteKey(user)) != nil {
                entry.fail("\(Excerpt.quote(user)) has more than one quota", expected: "each user in one entry")
                isWhole = false
            }
        }
        return isWhole ? quotas : nil
    }

    private static func read(_ entry: YAMLValue) -> (users: [String], quota: Quota)? {
        guard let keys = entry.mapping(of: Self.self) else { return nil }
        let users = keys.required("users", expected: "a list of users, such as [wang]").flatMap(users)
        let bytes = keys["bytes"].map(bytes)
        let monthBegins = keys["monthBegins"].map { $0.integer(in: 1...31) }
        guard let users else { return nil }
        if case .some(nil) = bytes { return nil }
        if case .some(nil) = monthBegins { return nil }
        guard bytes != nil || monthBegins != nil else {
            entry.fail("an entry that says nothing", expected: "'bytes', 'monthBegins' or both")
            return nil
        }
        return (users, Quota(bytes: bytes ?? nil, monthBegins: monthBegins ?? nil))
    }

    private static func users(_ value: YAMLValue) -> [String]? {
        guard let values = value.list(of: "users of Hysteria", example: "[wang, farah]") else { return nil }
        var users: [String] = []
        for value in values {
            guard let name = value.text(expected: "the name of a user") else { return nil }
            users.append(name)
        }
        return users
    }

    private static func bytes(_ value: YAMLValue) -> UInt64? {
        let expected = "an amount such as 100GiB or 500GB"
        guard let text = value.text(expected: expected) else { return nil }
        guard let bytes = ByteSizeText.parse(text), bytes > 0 else {
            value.fail("found \(Excerpt.quote(text))", expected: ByteSizeText.meant(by: text) ?? expected)
            return nil
        }
        return bytes
    }
}

extension Configuration {
    /// What users may move, by their names.
    package var quotas: [ByteKey: Quota] { self[QuotasSection.self] }
}
