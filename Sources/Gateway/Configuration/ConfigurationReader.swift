/// Reads a configuration file from top to bottom and continues after each error, to find the others.
package struct ConfigurationReader {
    let files: ReferencedFiles
    let problems: ProblemCollector

    package init(path: String, environment: ConfigurationEnvironment) {
        problems = ProblemCollector(file: path)
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
