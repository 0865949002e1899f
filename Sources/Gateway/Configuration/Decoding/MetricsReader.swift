/// Reads `metrics`.
struct MetricsReader {
    static let keys = ["users", "userLimit"]

    private let top: YAMLMapping

    init(_ top: YAMLMapping) {
        self.top = top
    }

    /// The settings, defaults where nothing is said; nil, and problems noted, where one of them cannot be used.
    func read() -> MetricsSettings? {
        var settings = MetricsSettings()
        guard let value = top["metrics"] else { return settings }
        guard let mapping = value.mapping(keys: MetricsReader.keys) else { return nil }
        let users = mapping["users"].map { $0.boolean() } ?? settings.users
        let userLimit = mapping["userLimit"].map { $0.integer(in: 1...1_000_000) } ?? settings.userLimit
        guard let users, let userLimit else { return nil }
        settings.users = users
        settings.userLimit = userLimit
        return settings
    }
}
