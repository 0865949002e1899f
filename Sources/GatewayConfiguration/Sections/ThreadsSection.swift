/// `threads`: the number of event loops.
package enum ThreadsSection: RestartedSection {
    package typealias Value = Int
    package static let key = "threads"
    /// As many as there are cores.
    package static let defaultValue: Int? = nil

    package static func read(_ value: YAMLValue, in reader: SectionReader) -> Int? {
        value.integer(in: 1...1024)
    }

    package static func readAbsent(in reader: SectionReader) -> Int? {
        reader.files.environment.cores
    }
}

extension Configuration {
    /// The number of event loops.
    package var threads: Int { self[ThreadsSection.self] }
}
