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
