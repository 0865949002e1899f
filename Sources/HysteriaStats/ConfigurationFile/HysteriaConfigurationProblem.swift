/// One thing in Hysteria's configuration file that keeps the gateway from using it.
public struct HysteriaConfigurationProblem: Sendable, Hashable, CustomStringConvertible {
    /// The path of the file.
    public let file: String

    /// The line, counted from 1, if the problem lies in one.
    public let line: Int?

    /// The key, as in `trafficStats.listen`, if the problem lies in a value.
    public let key: String?

    /// What is wrong, and what was expected. It never contains a secret.
    public let message: String

    /// Makes a problem.
    public init(file: String, line: Int? = nil, key: String? = nil, message: String) {
        self.file = file
        self.line = line
        self.key = key
        self.message = message
    }

    /// All of it on one line: `config.yaml:12: trafficStats.listen: has no port …`.
    public var description: String {
        let place = line.map { "\(file):\($0)" } ?? file
        return [place, key, message].compactMap { $0 }.joined(separator: ": ")
    }
}

/// Everything that keeps a configuration file of Hysteria from being used.
public struct HysteriaConfigurationErrors: Error, Sendable, Hashable, CustomStringConvertible {
    /// The problems, in the order of the file. There is at least one.
    public let problems: [HysteriaConfigurationProblem]

    /// One line for each problem.
    public var description: String {
        problems.map(\.description).joined(separator: "\n")
    }
}
