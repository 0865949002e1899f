/// One thing in Hysteria's configuration file that keeps the gateway from using it.
package struct HysteriaConfigurationProblem: Sendable, Hashable, CustomStringConvertible {
    /// The path of the file.
    package let file: String

    /// The line, counted from 1, if the problem lies in one.
    package let line: Int?

    /// The key, as in `trafficStats.listen`, if the problem lies in a value.
    package let key: String?

    /// What is wrong, and what was expected. It never contains a secret.
    package let message: String

    /// Makes a problem.
    package init(file: String, line: Int? = nil, key: String? = nil, message: String) {
        self.file = file
        self.line = line
        self.key = key
        self.message = message
    }

    /// All of it on one line: `config.yaml:12: trafficStats.listen: has no port …`.
    package var description: String {
        let place = line.map { "\(file):\($0)" } ?? file
        return [place, key, message].compactMap { $0 }.joined(separator: ": ")
    }
}

/// Everything that keeps a configuration file of Hysteria from being used.
package struct HysteriaConfigurationErrors: Error, Sendable, Hashable, CustomStringConvertible {
    /// The problems, in the order of the file. There is at least one.
    package let problems: [HysteriaConfigurationProblem]

    /// One line for each problem.
    package var description: String {
        problems.map(\.description).joined(separator: "\n")
    }
}
