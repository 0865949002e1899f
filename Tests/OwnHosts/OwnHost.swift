import Glibc
import Synchronization

/// Addresses of this machine where nobody else listens: a port that the system has chosen there stays free when it is
/// closed, where at 127.0.0.1 the system may give it to the next test.
public enum OwnHost {
    private static let count = Atomic(0)

    /// Another one each time.
    public static func next() -> String {
        let number = count.wrappingAdd(1, ordering: .relaxed).newValue
        return "127.66.\(number / 250).\(number % 250 + 1)"
    }

    /// Waits until callers are refused at a port that has been closed.
    ///
    /// That is a little later than its closing where another test starts a program at the same time: until it is that
    /// program (execve(2)), a process has a copy of every socket, and the port stays open.
    public static func waitUntilRefused(_ host: String, _ port: Int) async {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        precondition(inet_pton(AF_INET, host, &address.sin_addr) == 1, "\(host) is not an address")
        while isOpen(address) { await Task.yield() }
    }

    private static func isOpen(_ address: sockaddr_in) -> Bool {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        precondition(descriptor >= 0, "no socket: error \(errno)")
        defer { close(descriptor) }
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) == 0 }
        }
    }
}
