/// Which certificates callers have to show at one address: `clientCertificates` in an entry of `listen`.
public enum ListenerClientCertificates: Sendable, Hashable {
    /// Nothing is said here: those that hold for the gateway.
    case inherited
    /// None, whatever holds for the gateway: `none`.
    case notAsked
    /// These, in place of those that hold for the gateway.
    case own(ClientCertificateFiles)
}
