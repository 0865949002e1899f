import GatewayConfiguration
import HysteriaStats

/// A Hysteria that callers can ask, by its name.
struct NamedUpstream: Sendable {
    /// What logs and metrics call it where there are several.
    let name: String
    /// How to ask it.
    let settings: StatsUpstream
    /// Whether the address is of Hysteria's own configuration on this machine, so that whoever listens there is Hysteria.
    var isOwnMachine = false
}

extension Configuration {
    /// Whom callers can ask; at least one.
    var upstreams: [NamedUpstream] {
        var upstream = NamedUpstream(upstream)
        let own = self[HysteriaSection.self]?.file.statsAddress
        upstream.isOwnMachine =
            own == upstream.settings.address && UpstreamExposure.isLoopback(upstream.settings.address.host)
        return [upstream]
    }
}

extension SectionValues {
    /// Those that could be read.
    var upstreams: [NamedUpstream] { self[UpstreamSection.self].map { [NamedUpstream($0)] } ?? [] }
}

extension NamedUpstream {
    /// What a configuration names, which is one so far.
    fileprivate init(_ settings: StatsUpstream) {
        name = "hysteria"
        self.settings = settings
    }
}
