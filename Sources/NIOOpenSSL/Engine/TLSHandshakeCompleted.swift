/// The user inbound event that says that a connection is encrypted from now on, and what was agreed on.
public struct TLSHandshakeCompleted: Sendable {
    /// The application protocol (ALPN), or `nil` if the client offered none.
    public let applicationProtocol: String?

    /// The version of TLS.
    public let version: TLSVersion

    /// The cipher.
    public let cipher: TLSCipher

    /// Whether the client resumed an earlier session instead of doing a full handshake.
    public let isResumed: Bool

    /// The host name that the client asked for (SNI), if it did.
    public let serverName: String?

    /// The certificate of the peer; `nil` if it showed none.
    ///
    /// A server that verifies its clients has verified it, in this handshake or in the one whose session was resumed.
    /// Others never see one. A client has verified it unless it trusts anyone.
    public let peerCertificate: TLSPeerCertificate?

    init(
        applicationProtocol: String?,
        version: TLSVersion,
        cipher: TLSCipher,
        isResumed: Bool,
        serverName: String?,
        peerCertificate: TLSPeerCertificate? = nil
    ) {
        self.applicationProtocol = applicationProtocol
        self.version = version
        self.cipher = cipher
        self.isResumed = isResumed
        self.serverName = serverName
        self.peerCertificate = peerCertificate
    }
}
