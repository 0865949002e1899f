/// Whom a client trusts to vouch for a server.
public enum TLSTrust: Sendable {
    /// The authorities that the system's OpenSSL trusts.
    case system

    /// The authorities in a PEM file.
    case file(String)

    /// These certificates, and those that they have issued.
    case certificates([TLSCertificate])

    /// Anyone: the connection is encrypted, but the server can be an impostor. Only for a peer on the same machine.
    case unverified
}
