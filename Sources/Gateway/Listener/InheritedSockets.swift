import GatewayConfiguration
import Glibc

/// The listening sockets that this process has been given.
package struct InheritedSockets: Sendable {
    /// None: every address is bound by this process.
    package static let none = InheritedSockets([], areKept: false)

    /// Whether the giver keeps them as well, so that no connection is refused when this process ends.
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

    /// Closes those that were not taken.
    mutating func closeRest() {
        for socket in rest { close(socket.descriptor) }
        rest = []
    }
}
