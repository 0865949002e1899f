import GatewayConfiguration
import Glibc
import NIOCore

/// A listening socket that another process has opened.
struct InheritedSocket: Sendable {
    /// Why a descriptor cannot be listened on.
    struct AdoptionError: Error, CustomStringConvertible {
        let description: String
    }

    /// The socket. Its new owner closes it.
    let descriptor: CInt
    /// Where it listens.
    let address: SocketAddress

    /// Verifies a descriptor, and sets close-on-exec.
    init(_ descriptor: CInt) throws(AdoptionError) {
        guard fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else {
            throw AdoptionError(description: "descriptor \(descriptor) is not open")
        }
        guard Self.option(SO_TYPE, of: descriptor) == CInt(SOCK_STREAM.rawValue),
            Self.option(SO_ACCEPTCONN, of: descriptor) == 1,
            let address = Self.address(of: descriptor)
        else {
            throw AdoptionError(description: "descriptor \(descriptor) is not a TCP socket that listens")
        }
        self.descriptor = descriptor
        self.address = address
    }

    /// Whether it is what an address of the configuration asks for.
    func serves(_ wanted: ListenAddress) -> Bool {
        guard let port = address.port, let host = address.ipAddress else { return false }
        return wanted.isServed(byHost: host, port: port)
    }

    private static func option(_ name: CInt, of descriptor: CInt) -> CInt? {
        var value: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        return getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 ? value : nil
    }

    /// The address, if it is one of IPv4 or IPv6.
    private static func address(of descriptor: CInt) -> SocketAddress? {
        var storage = sockaddr_storage()
        return withUnsafeMutablePointer(to: &storage) { storage -> SocketAddress? in
            var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let raw = UnsafeMutableRawPointer(storage)
            guard getsockname(descriptor, raw.assumingMemoryBound(to: sockaddr.self), &size) == 0 else { return nil }
            switch CInt(storage.pointee.ss_family) {
            case AF_INET: return SocketAddress(raw.load(as: sockaddr_in.self))
            case AF_INET6: return SocketAddress(raw.load(as: sockaddr_in6.self))
            default: return nil
            }
        }
    }
}
