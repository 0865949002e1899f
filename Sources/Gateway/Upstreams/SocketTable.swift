import GatewayConfiguration
import Glibc
import NIOCore

/// The listening sockets of this machine, as `/proc/net/tcp` and `/proc/net/tcp6` list them.
struct SocketTable {
    /// A socket that listens.
    struct Entry: Hashable {
        /// The IP address.
        let host: String
        /// The port.
        let port: Int
        /// The number of the user who opened it.
        let user: UInt32
        /// The number by which `/proc/PID/fd` calls it.
        let inode: UInt64
    }

    private static let listening = "0A"

    let entries: [Entry]

    /// Reads the text of one of the two files; lines that are something else are skipped.
    init(_ text: String) {
        entries = text.split(separator: "\n").compactMap(SocketTable.entry)
    }

    private static func entry(_ line: Substring) -> Entry? {
        let fields = line.split(separator: " ")
        guard fields.count >= 10, fields[3] == listening else { return nil }
        let local = fields[1].split(separator: ":")
        guard local.count == 2, let port = Int(local[1], radix: 16), let host = address(local[0]),
            let user = UInt32(fields[7]), let inode = UInt64(fields[9])
        else { return nil }
        return Entry(host: host, port: port, user: user, inode: inode)
    }

    /// An address is written as 32-bit words in the byte order of the machine.
    private static func address(_ text: Substring) -> String? {
        guard text.utf8.count == 8 || text.utf8.count == 32 else { return nil }
        var bytes = ByteBuffer()
        var rest = text
        while !rest.isEmpty {
            guard let word = UInt32(rest.prefix(8), radix: 16) else { return nil }
            bytes.writeInteger(word, endianness: .host)
            rest = rest.dropFirst(8)
        }
        return try? SocketAddress(packedIPAddress: bytes, port: 0).ipAddress
    }
}

extension SocketTable {
    /// The listening sockets of this machine; none where the process may not see them.
    static func system() -> [Entry] {
        ["/proc/net/tcp", "/proc/net/tcp6"].flatMap { path -> [Entry] in
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return [] }
            defer { close(descriptor) }
            var piece = [UInt8](repeating: 0, count: 16_384)
            return SocketTable(
                upToListening: {
                    let count = read(descriptor, &piece, piece.count)
                    return count > 0 ? piece[..<count] : nil
                }
            ).entries
        }
    }

    /// What the listening sockets of a machine may take, in bytes: some seven thousand.
    private static let sizeLimit = 1 << 20

    /// Reads no further than to the first socket that does not listen. The kernel lists those that do before all others
    /// (tcp_seq_start() in net/ipv4/tcp_ipv4.c), of which a proxy has a hundred thousand: to read them all takes a fifth of a second.
    ///
    /// - Parameter next: the next piece of the file; nil at its end.
    init(upToListening next: () -> ArraySlice<UInt8>?) {
        var text: [UInt8] = []
        while text.count < Self.sizeLimit, let piece = next() {
            text += piece
            // The last whole line, unless it is the first, which has the names of the fields.
            guard let end = text.lastIndex(of: UInt8(ascii: "\n")),
                let start = text[..<end].lastIndex(of: UInt8(ascii: "\n"))
            else { continue }
            let fields = text[(start + 1)..<end].split(separator: UInt8(ascii: " "))
            if fields.count > 3, !fields[3].elementsEqual(Self.listening.utf8) { break }
        }
        self.init(String(decoding: text, as: UTF8.self))
    }
}

extension UpstreamExposure {
    /// The addresses with a listener on this machine, without its process.
    static func listeningSockets() -> [ListenAddress] {
        SocketTable.system().map { ListenAddress(host: $0.host, port: $0.port) }
    }
}
