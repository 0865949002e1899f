import Glibc
import Logging
import NIOCore

/// Notifies the service manager of the gateway's state.
package struct ServiceNotifier: Sendable {
    /// There is no service manager.
    package static let none = ServiceNotifier(path: nil, watchdog: nil)

    /// The socket; a leading `@` stands for the NUL of a name that is in no directory.
    let path: String?
    /// How long the service manager waits for ``ServiceMessage/alive`` before it considers the gateway stuck.
    let watchdog: Duration?

    /// Tells it, if it is there. A message that cannot be sent is logged and no more.
    func tell(_ message: ServiceMessage, logger: Logger) {
        guard let path else { return }
        do {
            try send(message.text, to: path)
        } catch {
            logger.warning(
                "the service manager cannot be notified",
                metadata: ["told": "\(message)", "socket": "\(path)", "reason": "\(error)"]
            )
        }
    }

    private func send(_ text: String, to path: String) throws(IOError) {
        let descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
        defer { close(descriptor) }
        var address = sockaddr_un()
        var name = Array(path.utf8)
        if name.first == UInt8(ascii: "@") { name[0] = 0 }
        let family = MemoryLayout.offset(of: \sockaddr_un.sun_path) ?? 0
        guard name.count <= MemoryLayout.size(ofValue: address.sun_path) else {
            throw IOError(errnoCode: ENAMETOOLONG, reason: "sendto")
        }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let bytes = Array(text.utf8)
        let sent = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                // A service manager that does not read must not block the gateway.
                let flags = CInt(MSG_NOSIGNAL | MSG_DONTWAIT)
                return sendto(descriptor, bytes, bytes.count, flags, address, socklen_t(family + name.count))
            }
        }
        guard sent >= 0 else { throw IOError(errnoCode: errno, reason: "sendto") }
    }
}
