/// An address that serves HTTPS, and what holds there: an entry of `listen` in the configuration.
public struct ListenSettings: Sendable, Hashable {
    /// Where it stands in the configuration, such as `listen[1]`.
    public let key: String
    /// The address.
    public let address: ListenAddress
    /// Which certificates callers have to show there.
    public let clientCertificates: ListenerClientCertificates

    /// Makes an entry.
    public init(
        key: String = "listen",
        address: ListenAddress,
        clientCertificates: ListenerClientCertificates = .inherited
    ) {
        self.key = key
        self.address = address
        self.clientCertificates = clientCertificates
    }
}
