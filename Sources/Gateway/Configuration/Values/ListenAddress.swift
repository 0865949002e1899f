import NIOCore

/// An address to listen on: a port, and either one IP address of this machine or all of them.
public struct ListenAddress: Sendable, Hashable {
    /// The IP address without brackets, as the system writes it; nil for all addresses of the machine, IPv4 and IPv6.
    public let host: String?
    /// The port; 0 lets the system choose one.
    public let port: Int

    /// Makes an address; nothing is looked up.
    public init(host: String?, port: Int) {
        // An IPv6 address can be written in many ways.
        self.host = host.map { host in (try? SocketAddress(ipAddress: host, port: 0))?.ipAddress ?? host }
        self.port = port
    }

    /// Whether nothing can be bound to this address while the other one is bound.
    public func overlaps(_ other: ListenAddress) -> Bool {
        guard port == other.port, port != 0 else { return false }
        guard let host, let otherHost = other.host, host != otherHost else { return true }
        let isIPv6 = host.contains(":")
        guard isIPv6 == otherHost.contains(":") else { return false }
        let all = isIPv6 ? "::" : "0.0.0.0"
        return host == all || otherHost == all
    }

    /// Whether a socket that is bound to this address is the one that is asked for here.
    ///
    /// - Parameter bound: The IP address, as the system writes it.
    func isServed(byHost bound: String, port: Int) -> Bool {
        guard port == self.port else { return false }
        guard let host else { return bound == "::" || bound == "0.0.0.0" }
        return bound == host
    }
}

extension ListenAddress: CustomStringConvertible {
    /// As the configuration writes it: `:443`, `127.0.0.1:8443`, `[::1]:443`.
    public var description: String {
        guard let host else { return ":\(port)" }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
