import NIOCore

/// What the gateway grants callers before it knows who they are.
public struct Limits: Sendable, Hashable {
    /// The connections open at once.
    public var connections = 10_000
    /// The connections open at once from one address.
    public var connectionsPerAddress = 256
    /// The time for the TLS handshake.
    public var handshakeTimeout = TimeAmount.seconds(10)
    /// The time from the first byte of a request to the end of its head.
    public var headTimeout = TimeAmount.seconds(10)
    /// The time for a request's body.
    public var bodyTimeout = TimeAmount.seconds(30)
    /// The time that a connection may rest between requests.
    public var idleTimeout = TimeAmount.seconds(60)

    /// The defaults.
    public init() {}
}
