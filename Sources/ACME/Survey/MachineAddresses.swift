import Glibc

/// The addresses of this machine's interfaces that are up.
package enum MachineAddresses {
    package static func all() -> [HostAddress] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return [] }
        defer { freeifaddrs(first) }
        var found: [HostAddress] = []
        var next = first
        while let entry = next?.pointee {
            next = entry.ifa_next
            guard let socketAddress = entry.ifa_addr, entry.ifa_flags & UInt32(IFF_UP) != 0,
                let address = HostAddress(socketAddress), !found.contains(address)
            else { continue }
            found.append(address)
        }
        return found
    }
}

extension HostAddress {
    /// The address in a socket address of IPv4 or IPv6.
    init?(_ pointer: UnsafePointer<sockaddr>) {
        switch CInt(pointer.pointee.sa_family) {
        case AF_INET:
            let address = pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { $0.pointee.sin_addr }
            self.init(bytes: withUnsafeBytes(of: address) { Array($0) })
        case AF_INET6:
            let address = pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { $0.pointee.sin6_addr }
            self.init(bytes: withUnsafeBytes(of: address) { Array($0) })
        default: return nil
        }
    }
}
