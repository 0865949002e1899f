import NIOOpenSSL

/// A configuration, and what was in the files that it names: all that two of them can differ in.
package struct LoadedConfiguration {
    /// What holds at one of the process's listeners.
    package typealias ListenEntry = (settings: ListenSettings, clientVerification: TLSClientVerification?)

    /// What the operator decided.
    let configuration: Configuration
    /// The certificates of each identity, its own first. A key belongs to its certificate, so another key shows here as well.
    let certificates: [[TLSCertificate]]
    /// How callers are verified where their listener says nothing else; nil where they are not.
    let clientVerification: TLSClientVerification?
    /// The listeners, which are the same in all configurations of a process.
    let listeners: [ListenEntry]
    /// Whether the file of ticket keys has other keys in it than those used so far.
    let hasOtherTicketKeys: Bool

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

/// What differs between two configurations, as paths of keys in the order of the sections.
package struct ConfigurationDifference {
    /// What new connections and requests are served by from now on.
    package let taken: [String]
    /// What waits for a restart.
    package let waiting: [String]

    /// Compares two configurations.
    ///
    /// - Parameters:
    ///   - running: The configuration that the process was started with.
    ///   - old: What was served from so far.
    ///   - new: What is served from from now on.
    package init(running: Configuration, from old: LoadedConfiguration, to new: LoadedConfiguration) {
        taken = Configuration.sections.flatMap { $0.taken(from: old, to: new) }
        waiting = Configuration.sections.flatMap { $0.waiting(running: running, new: new.configuration) }
    }
}
