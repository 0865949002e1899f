import Foundation
import NIOCore
import Testing

/// What systemd does for a service: holds its listening socket, starts it, and hears how it is.
final class ServiceManager: Sendable {
    /// Where it hears.
    let notifySocket: String
    /// Where the service listens.
    let port: Int

    private let heard = Observed<[String]>([])
    private let listener: FileHandle

    /// - Parameter isAbstract: Whether the name of the socket for messages is in no directory.
    init(in folder: TemporaryFolder, isAbstract: Bool) throws {
        notifySocket = isAbstract ? "@\(folder.path)" : folder.path(of: "notify")
        let listening = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = bind(listening, address, size)
                _ = getsockname(listening, address, &size)
            }
        }
        try #require(listen(listening, 1024) == 0)
        port = Int(UInt16(bigEndian: address.sin_port))
        listener = FileHandle(fileDescriptor: listening, closeOnDealloc: true)
        try hear()
    }

    private func hear() throws {
        let socket = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var name = Array(notifySocket.utf8)
        if name[0] == UInt8(ascii: "@") { name[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let result = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, socklen_t(2 + name.count)) }
        }
        try #require(result == 0)
        // A message that does not come must not keep the thread for ever.
        var time = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        Thread.detachNewThread { [heard] in
            var buffer = [UInt8](repeating: 0, count: 4096)
            while case let count = recv(socket, &buffer, buffer.count, 0), count > 0 {
                let text = String(decoding: buffer.prefix(count), as: UTF8.self)
                heard.update { $0.append(text) }
                if text.hasPrefix("STOPPING=1") { break }
            }
            close(socket)
        }
    }

    /// What it has heard so far.
    var messages: [String] { heard.value }

    /// Waits for as many messages that begin like this.
    func message(_ prefix: String, count: Int = 1) async throws -> String {
        try await heard.first(prefix) { messages in
            messages.filter { $0.hasPrefix(prefix) }.dropFirst(count - 1).first
        }
    }

    /// Starts the service with the listening socket as descriptor 3.
    func start(configuration: String, watchdog: Int = 0) throws -> ChildProcess {
        try ChildProcess(
            "/bin/bash",
            [
                "-c",
                """
                exec 3<&0 </dev/null
                export LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=listen NOTIFY_SOCKET="$2" WATCHDOG_USEC="$3"
                exec "$0" serve --config "$1"
                """,
                BuiltProgram.path, configuration, notifySocket, "\(watchdog)",
            ],
            standardInput: listener
        )
    }
}
