/// All that is wrong in a configuration, at once and in the order of the lines.
package struct ConfigurationError: Error, Sendable {
    /// The problems; at least one.
    package let problems: [ConfigurationProblem]
    /// What would have been a warning had there been no problem.
    package let warnings: [ConfigurationProblem]

    /// Keeps the problems in the order in which a reader meets them.
    package init(problems: [ConfigurationProblem], warnings: [ConfigurationProblem]) {
        self.problems = problems
        self.warnings = warnings
    }
}

extension ConfigurationError: CustomStringConvertible {
    /// The problems, one per line.
    package var description: String {
        problems.map(\.description).joined(separator: "\n")
    }
}
