import GatewayConfiguration

/// A process that listens on an address of this machine.
package struct ListeningProcess: Sendable, Hashable {
    /// The address.
    package let address: ListenAddress
    /// The name of the user who opened the socket.
    package let user: String
    /// The process; nil where this user may not see which it is.
    package let process: Identifier?

    /// A process by number and command.
    package struct Identifier: Sendable, Hashable {
        /// The number of the process.
        package let number: Int
        /// The name of its command.
        package let command: String

        /// Makes an identifier.
        package init(number: Int, command: String) {
            self.number = number
            self.command = command
        }
    }

    /// Makes a record of a process that listens.
    package init(address: ListenAddress, user: String, process: Identifier?) {
        self.address = address
        self.user = user
        self.process = process
    }

    /// The process in words: `nginx (process 812, user 'root')`.
    package var words: String {
        guard let process else { return "a process of user '\(user)' (root can see which)" }
        return "\(process.command) (process \(process.number), user '\(user)')"
    }
}

extension ListeningProcess {
    /// What a command line can have on Linux, and some more.
    private static let commandLineLimit = 8 * 1024 * 1024

    /// All processes that listen, as far as this user may see them.
    static func all() -> [ListeningProcess] {
        let sockets = SocketTable.system()
        let owners = owners(of: Set(sockets.map(\.inode)))
        return sockets.map { socket in
            ListeningProcess(
                address: ListenAddress(host: socket.host, port: socket.port),
                user: SystemNames.user(socket.user),
                process: owners[socket.inode]
            )
        }
    }

    /// The processes that hold these sockets open.
    private static func owners(of inodes: Set<UInt64>) -> [UInt64: Identifier] {
        var owners: [UInt64: Identifier] = [:]
        for name in DirectoryListing.names(in: "/proc") {
            guard let number = Int(name) else { continue }
            let folder = "/proc/\(number)/fd"
            for descriptor in DirectoryListing.names(in: folder) {
                guard let target = FileAccess.system.target("\(folder)/\(descriptor)"), target.hasPrefix("socket:["),
                    let inode = UInt64(target.dropFirst("socket:[".count).dropLast()), inodes.contains(inode)
                else { continue }
                owners[inode] = owners[inode] ?? Identifier(number: number, command: command(of: number))
            }
        }
        return owners
    }

    private static func command(of number: Int) -> String {
        let name = (try? FileAccess.system.read("/proc/\(number)/comm", commandLineLimit).get()) ?? []
        let arguments = (try? FileAccess.system.read("/proc/\(number)/cmdline", commandLineLimit).get()) ?? []
        return CommandName.whole(
            name.isEmpty ? "?" : String(decoding: name.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self),
            executable: FileAccess.system.target("/proc/\(number)/exe"),
            arguments: arguments.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        )
    }
}
