/// The limit that a connection was one too many for.
enum ConnectionRefusal: String, CaseIterable {
    /// `limits.connections`, or what the descriptors of the process suffice for.
    case connections
    /// `limits.connectionsPerAddress`.
    case connectionsPerAddress
    /// The handshakes in progress, of which the oldest gave way.
    case handshakes
}
