import NIOOpenSSL

/// What differs between two states, in the words of the configuration.
struct ReloadDifference {
    /// What new connections and requests are served by from now on.
    let taken: [String]
    /// What waits for a restart.
    let waiting: [String]

    /// - Parameters:
    ///   - running: The configuration that the process was started with.
    ///   - old: The state so far.
    ///   - new: The state from now on.
    ///   - ticketKeys: Whether the file of ticket keys had others in it than those used so far.
    init(running: Configuration, from old: ServingState, to new: ServingState, ticketKeys: Bool) {
        let (before, after) = (old.configuration, new.configuration)
        var taken: [String] = []
        if old.identities.chains != new.identities.chains { taken.append("certificates") }
        if before.tls.withoutTickets != after.tls.withoutTickets { taken.append("tls") }
        if ticketKeys { taken.append("tls.ticketKeyFile") }
        taken += Self.clientCertificates("clientCertificates", old.clientVerification, new.clientVerification)
        for (old, new) in zip(old.listeners, new.listeners) { taken += Self.clientCertificates(old, new) }
        if before.tokens != after.tokens { taken.append("tokens") }
        if before.upstream != after.upstream { taken.append("upstream") }
        if before.limits != after.limits { taken.append("limits") }
        if before.metrics != after.metrics { taken.append("metrics") }
        if before.origins != after.origins { taken.append("cors") }
        if before.logLevel != after.logLevel { taken.append("logLevel") }
        self.taken = taken

        var waiting: [String] = []
        if running.listen.map(\.address) != after.listen.map(\.address) { waiting.append("listen") }
        if running.redirect != after.redirect { waiting.append("redirect") }
        if running.threads != after.threads { waiting.append("threads") }
        if running.tls.ticketKeyFile != after.tls.ticketKeyFile { waiting.append("tls.ticketKeyFile") }
        if running.tls.negotiation.sessionTickets != after.tls.negotiation.sessionTickets {
            waiting.append("tls.sessionTickets")
        }
        if running.accessLog != after.accessLog { waiting.append("accessLog") }
        if running.log != after.log { waiting.append("log") }
        self.waiting = waiting
    }

    /// What differs in how callers are verified at one address by what its own entry says.
    private static func clientCertificates(_ old: ListenerState, _ new: ListenerState) -> [String] {
        let key = "\(new.settings.key).clientCertificates"
        switch (old.settings.clientCertificates, new.settings.clientCertificates) {
        case (.inherited, .inherited):
            return []
        case (.own, .own):
            return clientCertificates(key, old.clientVerification, new.clientVerification)
        default:
            return old.clientVerification == new.clientVerification ? [] : [key]
        }
    }

    /// What differs in how callers are verified. Content counts, wherever it lies.
    private static func clientCertificates(
        _ key: String,
        _ old: TLSClientVerification?,
        _ new: TLSClientVerification?
    ) -> [String] {
        guard let old, let new else { return old == new ? [] : [key] }
        var keys: [String] = []
        if old.authorities != new.authorities { keys.append("\(key).authority") }
        if old.revocationLists != new.revocationLists { keys.append("\(key).revocationList") }
        if old.isRequired != new.isRequired { keys.append("\(key).required") }
        return keys
    }
}

extension TLSIdentitySet {
    /// The certificates of each identity. A key belongs to its certificate, so another key shows here as well.
    fileprivate var chains: [[TLSCertificate]] { identities.map { [$0.leaf] + $0.chain } }
}

extension TLSSettings {
    /// What connections are negotiated by, but for tickets: their keys are made when the process starts.
    fileprivate var withoutTickets: TLSConfiguration {
        var negotiation = negotiation
        negotiation.sessionTickets = true
        return negotiation
    }
}
