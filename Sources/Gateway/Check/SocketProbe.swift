import GatewayConfiguration
import Glibc
import NIOCore

/// Binds an address for a moment, to learn whether `serve` could.
enum SocketProbe {
    /// The system's error number; nil where the address can be bound.
    static func bind(_ address: ListenAddress) -> CInt? {
        guard let host = address.host else {
            let code = bind("::", address.port, isDualStack: true)
            // A kernel without IPv6 serves IPv4 alone.
            return code == EAFNOSUPPORT || code == EADDRNOTAVAIL
                ? bind("0.0.0.0", address.port, isDualStack: false) : code
        }
        return bind(host, address.port, isDualStack: false)
    }

    private static func bind(_ host: String, _ port: Int, isDualStack: Bool) -> CInt? {
        guard let address = try? SocketAddress(ipAddress: host, port: port) else { return EADDRNOTAVAIL }
        let family = address.protocol == .inet6 ? AF_INET6 : AF_INET
        let descriptor = socket(family, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
        if family == AF_INET6 { set(descriptor, CInt(IPPROTO_IPV6), IPV6_V6ONLY, isDualStack ? 0 : 1) }
        // Linux lets a second socket bind an address with SO_REUSEADDR until one of them listens.
        let isBound = address.withSockAddr { pointer, size in Glibc.bind(descriptor, pointer, socklen_t(size)) == 0 }
        guard isBound, listen(descriptor, 1) == 0 else { return errno }
        return nil
    }

    private static func set(_ descriptor: CInt, _ level: CInt, _ name: CInt, _ value: CInt) {
        var value = value
        setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<CInt>.size))
    }
}
