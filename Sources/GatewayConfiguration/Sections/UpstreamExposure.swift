import Access
import HysteriaStats

/// Whether Hysteria's stats API, which callers reach over the gateway, can be reached past it.
///
/// It speaks plain HTTP: its secret and its figures can be read on the way, and there are no scopes, no limits and no log.
package struct UpstreamExposure {
    /// What there is to say; nil where the API listens on loopback addresses alone, or elsewhere.
    package let words: String?

    /// - Parameter sockets: the addresses on which something listens on this machine.
    package init(_ upstream: StatsUpstream, listening sockets: [ListenAddress]) {
        guard Self.isLoopback(upstream.address.host) else {
            words = nil
            return
        }
        let open = sockets.filter { $0.port == upstream.address.port && !Self.isLoopback($0.host ?? "::") }
        guard let first = open.first else {
            words = nil
            return
        }
        let closed = "127.0.0.1:\(upstream.address.port)"
        words =
            Self.words("it listens on \(first)", hasSecret: upstream.secret != nil) + "; " + Self.advice(closed)
    }

    /// Whether only this machine can reach a host.
    package static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" { return true }
        guard let address = IPAddress(host) else { return false }
        return address.isIPv4 ? address.low >> 24 == 127 : address.high == 0 && address.low == 1
    }

    /// What is wrong with an API that others than this machine can reach.
    package static func words(_ where: String, hasSecret: Bool) -> String {
        "Hysteria's stats API is open to the internet: \(`where`), in plain HTTP; "
            + (hasSecret
                ? "whoever listens on the way learns its secret, and can then read, clear and kick past the gateway"
                : "it has no secret, so everybody can read, clear and kick past the gateway")
    }

    /// The line to write instead.
    package static func advice(_ closed: String) -> String {
        "write in Hysteria's configuration: listen: \(closed), and restart Hysteria"
    }
}
