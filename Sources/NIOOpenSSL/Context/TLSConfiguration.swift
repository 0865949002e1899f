import NIOCore

/// What a context negotiates: versions, ciphers, groups, protocols and session tickets.
public struct TLSConfiguration: Sendable, Hashable {
    /// The oldest version that is spoken.
    public var minimumVersion: TLSVersion

    /// The newest version that is spoken; `nil` is the newest that OpenSSL has.
    public var maximumVersion: TLSVersion?

    /// The ciphers of TLS 1.2, in OpenSSL's names and in the order of preference.
    public var cipherList: [String]

    /// The cipher suites of TLS 1.3, in the order of preference.
    public var cipherSuites: [String]

    /// The groups for the key exchange, in the order of preference. Those that the library does not have are left out.
    public var groups: [String]

    /// Whether the server's order of ciphers decides. A client that puts ChaCha20 first, as those without AES in hardware
    /// do, gets it in either case.
    public var prefersServerOrder: Bool

    /// The application protocols (ALPN) in the order of preference. A peer that offers only others is refused; one that
    /// offers none is served, without a protocol. With an empty list the extension is ignored.
    public var applicationProtocols: [String]

    /// Whether a server gives tickets with which a client can resume its session.
    public var sessionTickets: Bool

    /// How long a session can be resumed from its full handshake on, however often that is done.
    ///
    /// With ``TLSClientVerification`` it ends before, as soon as a certificate or a revocation list by which the client was
    /// verified does.
    public var sessionLifetime: TimeAmount

    /// How many tickets a TLS 1.3 handshake gives. Each costs 30-90 µs of the server's handshake.
    public var numberOfTickets: Int

    /// Mozilla's intermediate profile, version 6: TLS 1.2 and 1.3, ECDHE with AEAD ciphers only.
    ///
    /// One thing differs: the profile lets the client choose among the ciphers, here the server's order decides, because
    /// AES-128-GCM, which the profile lists first, costs 4-6 % less of a request than AES-256-GCM, which clients on OpenSSL
    /// list first.
    ///
    /// - Parameter applicationProtocols: The protocols to agree on, such as `["h2", "http/1.1"]`.
    public static func intermediate(applicationProtocols: [String] = []) -> TLSConfiguration {
        TLSConfiguration(
            minimumVersion: .v1_2,
            maximumVersion: nil,
            cipherList: [
                "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256",
                "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384",
                "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305",
            ],
            cipherSuites: ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"],
            groups: ["X25519MLKEM768", "X25519", "prime256v1", "secp384r1"],
            prefersServerOrder: true,
            applicationProtocols: applicationProtocols,
            sessionTickets: true,
            sessionLifetime: .hours(24),
            numberOfTickets: 1
        )
    }
}
