/// Collects what is wrong in one file while it is read, so that the operator sees all of it at once.
package final class ProblemCollector {
    /// The file, as the operator named it.
    package let file: String
    /// Where its keys belong.
    let keys: KeyPlaces
    package private(set) var problems: [ConfigurationProblem] = []
    package private(set) var warnings: [ConfigurationProblem] = []
    private var known: Set<ConfigurationProblem> = []

    package init(file: String, keys: KeyPlaces) {
        self.file = file
        self.keys = keys
    }

    /// Notes what keeps the configuration from being used.
    package func fail(
        line: Int? = nil,
        key: String? = nil,
        _ found: String,
        expected: String? = nil,
        nearest: String? = nil,
        advice: String? = nil
    ) {
        add(
            ConfigurationProblem(
                file: file,
                line: line,
                key: key,
                found: found,
                expected: expected,
                nearest: nearest,
                advice: advice
            )
        )
    }

    /// Notes a problem of this file or of one that it names.
    package func add(_ problem: ConfigurationProblem) {
        // One anchored value can stand in many places: the same words about the same line are said once.
        if known.insert(problem).inserted { problems.append(problem) }
    }

    /// Adds a warning: it works, but should be fixed.
    func warn(line: Int? = nil, key: String? = nil, _ found: String, advice: String? = nil) {
        warn(ConfigurationProblem(file: file, line: line, key: key, found: found, advice: advice))
    }

    /// Notes the same of this file or of one that it names.
    func warn(_ warning: ConfigurationProblem) {
        if known.insert(warning).inserted { warnings.append(warning) }
    }

    /// All problems in the order of their lines; nil where there are none.
    package var error: ConfigurationError? {
        problems.isEmpty ? nil : ConfigurationError(problems: sorted(problems), warnings: sortedWarnings)
    }

    /// The warnings in the order of their lines.
    package var sortedWarnings: [ConfigurationProblem] { sorted(warnings) }

    private func sorted(_ problems: [ConfigurationProblem]) -> [ConfigurationProblem] {
        // Problems without a line concern the whole file and come after the others; those of other files come last.
        // Equal lines keep their order.
        problems.enumerated()
            .sorted { left, right in
                let (first, second) = (left.element, right.element)
                if (first.file == file) != (second.file == file) { return first.file == file }
                return (first.line ?? .max, left.offset) < (second.line ?? .max, right.offset)
            }
            .map(\.element)
    }
}
