/// All that the operator decides, read strictly from one YAML file and immutable from then on.
///
/// What each key of the file holds is a property that stands in the file of its section.
package struct Configuration: Sendable {
    /// Where the configuration lies unless the command line says otherwise.
    package static let defaultPath = "/etc/hysteria-gateway/config.yaml"

    /// All keys at the top of the file, in the order in which they are read and messages name them.
    static let sections: [any ConfigurationSection.Type] = [
        ListenSection.self,
        RedirectSection.self,
        ThreadsSection.self,
        HysteriaSection.self,
        UpstreamSection.self,
        CertificatesSection.self,
        TLSSection.self,
        ClientCertificatesSection.self,
        TokensSection.self,
        LimitsSection.self,
        MetricsSection.self,
        CORSSection.self,
        AccessLogSection.self,
        LogSection.self,
        LogLevelSection.self,
    ]

    private let values: SectionValues
    /// Warnings: what works, but should be fixed.
    package let warnings: [ConfigurationProblem]
    /// The absolute paths of all that it was read from or depends on, whether something lies there or not.
    package let files: Set<String>

    /// Makes a configuration of the values of all sections.
    package init(_ values: SectionValues, warnings: [ConfigurationProblem] = [], files: Set<String> = []) {
        for section in Self.sections where !values.has(section.key) {
            preconditionFailure("a configuration without '\(section.key)'")
        }
        self.values = values
        self.warnings = warnings
        self.files = files
    }

    /// The value of a section.
    package subscript<Key: ConfigurationKey>(key: Key.Type) -> Key.Value {
        guard let value = values[key] else { preconditionFailure("'\(key.key)' is not among the sections") }
        return value
    }

    /// Reads a file, and the files it names, strictly.
    ///
    /// - Parameters:
    ///   - path: The file; a relative path begins in the working directory.
    ///   - environment: The file system, the time and the process.
    /// - Throws: All that is wrong, at once.
    package static func load(
        path: String,
        environment: ConfigurationEnvironment = .system()
    ) throws(ConfigurationError) -> Configuration {
        let reader = ConfigurationReader(path: path, environment: environment)
        let values = reader.read()
        if let error = reader.problems.error { throw error }
        guard let values else { preconditionFailure("a configuration that could not be read has problems") }
        return Configuration(
            values,
            warnings: reader.problems.sortedWarnings,
            files: reader.files.dependencies.paths
        )
    }
}
