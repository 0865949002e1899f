extension Configuration {
    /// Where the configuration lies unless the command line says otherwise.
    package static let defaultPath = "/etc/hysteria-gateway/config.yaml"

    /// All keys at the top of the file, in the order in which they are read and messages name them.
    package static let sections: [any ConfigurationSection.Type] = [
        ListenSection.self,
        RedirectSection.self,
        ThreadsSection.self,
        HysteriaSection.self,
        UpstreamSection.self,
        ACMESection.self,
        CertificatesSection.self,
        TLSSection.self,
        ClientCertificatesSection.self,
        LedgerSection.self,
        QuotasSection.self,
        TokensSection.self,
        LimitsSection.self,
        MetricsSection.self,
        CORSSection.self,
        AccessLogSection.self,
        LogSection.self,
        LogLevelSection.self,
    ]

    /// Where each key belongs.
    package static let keyPlaces = KeyPlaces(sections.map { ($0.key, $0.mapping) })

    /// Makes a configuration of the values of all sections.
    package init(_ values: SectionValues, warnings: [ConfigurationProblem] = [], files: Set<String> = []) {
        for section in Self.sections where !values.has(section.key) {
            preconditionFailure("a configuration without '\(section.key)'")
        }
        self.init(values: values, warnings: warnings, files: files)
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

extension SectionValues {
    /// What holds where the file leaves everything out that it may. What depends on the machine or on other keys is missing.
    package static var defaults: SectionValues {
        func add<Section: ConfigurationSection>(_ section: Section.Type, to values: inout SectionValues) {
            values[section] = section.defaultValue
        }
        var values = SectionValues()
        for section in Configuration.sections { add(section, to: &values) }
        return values
    }
}

/// Reads a configuration file from top to bottom and continues after each error, to find the others.
package struct ConfigurationReader {
    package let files: ReferencedFiles
    package let problems: ProblemCollector

    package init(path: String, environment: ConfigurationEnvironment) {
        problems = ProblemCollector(file: path, keys: Configuration.keyPlaces)
        files = ReferencedFiles(configuration: path, environment: environment)
    }

    /// What could be read; problems are noted for the rest. Nil where the file as a whole cannot be read.
    package func read() -> SectionValues? {
        guard let bytes = files.readConfiguration(problems),
            let document = YAMLDocument(bytes, problems: problems),
            let top = document.root.mapping(keys: Configuration.sections.map { $0.key })
        else { return nil }
        let reader = SectionReader(top, files)
        for section in Configuration.sections { reader.value(of: section) }
        return reader.values
    }
}
