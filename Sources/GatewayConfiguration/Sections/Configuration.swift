import NIOOpenSSL

/// All that the operator decides, read strictly from one YAML file and immutable from then on.
///
/// What each key of the file holds is a property that stands in the file of its section.
package struct Configuration: Sendable {
    private let values: SectionValues
    /// Warnings: what works, but should be fixed.
    package let warnings: [ConfigurationProblem]
    /// The absolute paths of all that it was read from or depends on, whether something lies there or not.
    package let files: Set<String>

    /// - Parameter values: Those of all sections.
    init(values: SectionValues, warnings: [ConfigurationProblem], files: Set<String>) {
        self.values = values
        self.warnings = warnings
        self.files = files
    }

    /// The value of a section.
    package subscript<Key: ConfigurationKey>(key: Key.Type) -> Key.Value {
        guard let value = values[key] else { preconditionFailure("'\(key.key)' is not among the sections") }
        return value
    }
}

/// A configuration, and what was in the files that it names: all that two of them can differ in.
package struct LoadedConfiguration {
    /// What holds at one of the process's listeners.
    package typealias ListenEntry = (settings: ListenSettings, clientVerification: TLSClientVerification?)

    /// What the operator decided.
    package let configuration: Configuration
    /// The certificates of each identity, its own first. A key belongs to its certificate, so another key shows here as well.
    package let certificates: [[TLSCertificate]]
    /// How callers are verified where their listener says nothing else; nil where they are not.
    package let clientVerification: TLSClientVerification?
    /// The listeners, which are the same in all configurations of a process.
    package let listeners: [ListenEntry]
    /// Whether the file of ticket keys has other keys in it than those used so far.
    package let hasOtherTicketKeys: Bool

    /// Describes what was loaded.
    package init(
        _ configuration: Configuration,
        certificates: [[TLSCertificate]],
        clientVerification: TLSClientVerification?,
        listeners: [ListenEntry],
        hasOtherTicketKeys: Bool
    ) {
        self.configuration = configuration
        self.certificates = certificates
        self.clientVerification = clientVerification
        self.listeners = listeners
        self.hasOtherTicketKeys = hasOtherTicketKeys
    }
}
