import Glibc
import NIOCore

/// A Unix socket that carries whole messages, with open descriptors if need be. Its calls wait.
///
/// `Sendable`: the descriptor does not change, and the kernel takes calls from any thread.
final class UnixSocket: Sendable {
    /// More than a gateway has to say.
    private static let messageLimit = 64 * 1024
    /// `SCM_MAX_FD`: what one message can carry.
    static let descriptorLimit = 253

    /// `struct ucred`.
    private struct Credentials {
        var process: pid_t = 0
        var user: uid_t = 0
        var group: gid_t = 0
    }

    private let descriptor: CInt

    private init(owning descriptor: CInt) {
        self.descriptor = descriptor
    }

    private convenience init() throws(IOError) {
        let descriptor = socket(AF_UNIX, CInt(SOCK_SEQPACKET.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
        self.init(owning: descriptor)
    }

    deinit {
        Glibc.close(descriptor)
    }

    // MARK: Connections

    /// Connects to the socket at a path.
    static func connect(to path: String) throws -> UnixSocket {
        let new = try UnixSocket()
        let result = try SocketAddress(unixDomainSocketPath: path).withSockAddr { address, size in
            Glibc.connect(new.descriptor, address, socklen_t(size))
        }
        guard result == 0 else { throw IOError(errnoCode: errno, reason: "connect") }
        return new
    }

    /// Listens at a path at which nothing is, for this user alone.
    static func listen(at path: String) throws -> UnixSocket {
        let new = try UnixSocket()
        // Linux gives the name in the directory the mode of the socket.
        fchmod(new.descriptor, 0o600)
        let result = try SocketAddress(unixDomainSocketPath: path).withSockAddr { address, size in
            bind(new.descriptor, address, socklen_t(size))
        }
        guard result == 0, Glibc.listen(new.descriptor, 8) == 0 else { throw IOError(errnoCode: errno, reason: "bind") }
        return new
    }

    /// Waits for a connection; nil when ``shutDown()`` has been called.
    func accept() -> UnixSocket? {
        while true {
            let new = Glibc.accept(descriptor, nil, nil)
            if new >= 0 {
                _ = fcntl(new, F_SETFD, FD_CLOEXEC)
                return UnixSocket(owning: new)
            }
            guard errno == EINTR || errno == ECONNABORTED else { return nil }
        }
    }

    /// Ends every call that waits, and those to come.
    func shutDown() {
        shutdown(descriptor, CInt(SHUT_RDWR))
    }

    /// The user of the peer process.
    var peerUser: uid_t? {
        var credentials = Credentials()
        var size = socklen_t(MemoryLayout<Credentials>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 else { return nil }
        return credentials.user
    }

    /// Sets the timeout for receiving a message.
    func setTimeout(_ seconds: Int) {
        var time = timeval(tv_sec: seconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    // MARK: Messages

    /// Sends a message.
    func send(_ text: String, with descriptors: [CInt] = []) throws(IOError) {
        var bytes = Array(text.utf8)
        var control = ControlMessage(descriptors).bytes
        let sent = Self.withHeader(&bytes, &control) { sendmsg(descriptor, &$0, CInt(MSG_NOSIGNAL)) }
        guard sent >= 0 else { throw IOError(errnoCode: errno, reason: "sendmsg") }
    }

    /// Waits for a message. It is empty when the other end is gone. The receiver of descriptors closes them.
    func receive() throws(IOError) -> (text: String, descriptors: [CInt]) {
        var bytes = [UInt8](repeating: 0, count: Self.messageLimit)
        var control = [UInt8](repeating: 0, count: ControlMessage.size(of: Self.descriptorLimit))
        var controlLength = 0
        let received = Self.withHeader(&bytes, &control) { header in
            let received = recvmsg(descriptor, &header, CInt(MSG_CMSG_CLOEXEC))
            controlLength = header.msg_controllen
            return received
        }
        guard received >= 0 else { throw IOError(errnoCode: errno, reason: "recvmsg") }
        return (
            String(decoding: bytes.prefix(received), as: UTF8.self),
            ControlMessage(bytes: control.prefix(controlLength)).descriptors
        )
    }

    /// Calls `body` with the header of a message whose bytes, and those of its descriptors, stand in these arrays.
    private static func withHeader(
        _ bytes: inout [UInt8],
        _ control: inout [UInt8],
        _ body: (inout msghdr) -> Int
    ) -> Int {
        bytes.withUnsafeMutableBytes { bytes in
            control.withUnsafeMutableBytes { control in
                var part = iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
                return withUnsafeMutablePointer(to: &part) { part in
                    var header = msghdr()
                    header.msg_iov = part
                    header.msg_iovlen = 1
                    header.msg_control = control.baseAddress
                    header.msg_controllen = control.count
                    return body(&header)
                }
            }
        }
    }
}
