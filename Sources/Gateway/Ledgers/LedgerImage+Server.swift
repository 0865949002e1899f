import Glibc
import Ledger

extension LedgerImage {
    /// The server that is read: the one of this name, or where no name is given the one that was read before, or a new one
    /// with the name of the machine.
    ///
    /// A new one has the next id: whoever replays the journal before the first fold gives it the same.
    mutating func server(named name: String?) -> ServerID {
        if let name, let known = servers.first(where: { $0.name == name }) { return known.id }
        if name == nil, let known = servers.first { return known.id }
        let id = ServerID((servers.map(\.id.value).max() ?? 0) + 1)
        servers.append(ServerImage(id: id, name: name ?? Self.machineName))
        return id
    }

    private static var machineName: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "hysteria" }
        let name = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return name.isEmpty ? "hysteria" : name
    }
}
