/// What sections are read from, each once and whenever another one needs it.
package final class SectionReader {
    /// The keys at the top of the file.
    package let top: YAMLMapping
    /// The files that it names.
    package let files: ReferencedFiles
    /// What could be read so far.
    package private(set) var values = SectionValues()
    private var read: Set<String> = []

    package init(_ top: YAMLMapping, _ files: ReferencedFiles) {
        self.top = top
        self.files = files
    }

    /// Where problems are noted that concern no value of the file.
    package var problems: ProblemCollector { top.value.problems }

    /// The value of a section; nil, and problems noted, where it cannot be used.
    @discardableResult
    package func value<Section: ConfigurationSection>(of section: Section.Type) -> Section.Value? {
        if read.insert(section.key).inserted {
            values[section] =
                if let value = top[section.key] { section.read(value, in: self) } else { section.readAbsent(in: self) }
        }
        return values[section]
    }

    /// Keeps what could be read of a section that may not hold as a whole.
    func note<Key: ConfigurationKey>(_ value: Key.Value, as key: Key.Type) {
        values[key] = value
    }
}
