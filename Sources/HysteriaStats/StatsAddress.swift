/// The host and port of Hysteria's stats API.
package struct StatsAddress: Sendable, Hashable, CustomStringConvertible {
    /// A host name, or an IP address without brackets.
    package let host: String

    /// A TCP port.
    package let port: Int

    /// Makes an address; nothing is looked up.
    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// `host:port`, an IPv6 address in brackets: also the value of a `Host` header.
    package var description: String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
