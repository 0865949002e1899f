import Glibc

/// The listening sockets that this process has been given.
public struct InheritedSockets: Sendable {
    /// None: every address is bound anew.
    public static let none = InheritedSockets([], areKept: false)

    /// Whether the giver keeps them as well, so that callers are not turned away when this process ends.
    let areKept: Bool
    private(set) var rest: [InheritedSocket]

    init(_ sockets: [InheritedSocket], areKept: Bool) {
        rest = sockets
        self.areKept = areKept
    }

    /// Takes the sockets out that an address of the configuration asks for.
    mutating func take(for address: ListenAddress) -> [InheritedSocket] {
        defer { rest.removeAll { $0.serves(address) } }
        return rest.filter { $0.serves(address) }
    }

    /// Gives up those that nobody has taken.
    mutating func closeRest() {
        for socket in rest { close(socket.descriptor) }
        rest = []
    }
}
