import GatewayConfiguration
import NIOOpenSSL

/// How callers are verified at each listener: what a configuration says, and what its files hold. A file is read once,
/// however many listeners name it.
struct ListenerRules {
    /// What one listener asks of its callers.
    typealias Rule = (settings: ListenSettings, clientVerification: TLSClientVerification?)

    /// The default rules.
    let common: TLSClientVerification?
    /// One for each listener, in the order in which the process listens.
    let rules: [Rule]

    /// - Parameter listeners: Those of the process, in the order that `rules` will have; nil for one that is about to
    ///   listen as the configuration says.
    /// - Throws: If a file cannot be read.
    init(_ configuration: Configuration, for listeners: [ListenerState]?) throws(TLSError) {
        var loaded: [ClientCertificateFiles: TLSClientVerification] = [:]
        func load(_ files: ClientCertificateFiles) throws(TLSError) -> TLSClientVerification {
            if let known = loaded[files] { return known }
            let verification = try files.load()
            loaded[files] = verification
            return verification
        }
        let common = try configuration.clientCertificates.map(load)
        func rule(_ settings: ListenSettings, keeping old: ListenerState? = nil) throws(TLSError) -> Rule {
            switch settings.clientCertificates {
            case .inherited: return (settings, common)
            case .notAsked: return (settings, nil)
            case .own(let files):
                if let old { return (settings, old.clientVerification) }
                return (settings, try load(files))
            }
        }
        var rules: [Rule] = []
        if let listeners {
            // Addresses wait for a restart, so the entries are found by them; equal ones, with port 0, by their order.
            var entries = configuration.listen
            for listener in listeners {
                if let index = entries.firstIndex(where: { $0.address == listener.settings.address }) {
                    rules.append(try rule(entries.remove(at: index)))
                } else {
                    // Removed from the configuration, maybe with its files: until the restart its old rules apply.
                    rules.append(try rule(listener.settings, keeping: listener))
                }
            }
        } else {
            for entry in configuration.listen { rules.append(try rule(entry)) }
        }
        self.common = common
        self.rules = rules
    }
}
