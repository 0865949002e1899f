/// What `/metrics` shows of users.
package struct MetricsSettings: Sendable, Hashable {
    /// Whether figures are given for each user, and not only for all together.
    package var users = true
    /// The most users that are named: each is three series to who collects them.
    package var userLimit = 10_000

    /// The defaults.
    package init() {}
}

/// `metrics`: what `/metrics` tells of users.
package enum MetricsSection: ReloadedSection {
    package typealias Value = MetricsSettings
    package static let key = "metrics"
    package static let mapping: SectionMapping? = SectionMapping(keys: ["users", "userLimit"])
    package static let defaultValue: MetricsSettings? = MetricsSettings()

    package static func read(_ value: YAMLValue, in reader: SectionReader) -> MetricsSettings? {
        var settings = MetricsSettings()
        guard let keys = value.mapping(of: Self.self) else { return nil }
        let users = keys["users"].map { $0.boolean() } ?? settings.users
        let userLimit = keys["userLimit"].map { $0.integer(in: 1...1_000_000) } ?? settings.userLimit
        guard let users, let userLimit else { return nil }
        settings.users = users
        settings.userLimit = userLimit
        return settings
    }
}

extension Configuration {
    /// What `/metrics` shows of users.
    package var metrics: MetricsSettings { self[MetricsSection.self] }
}
