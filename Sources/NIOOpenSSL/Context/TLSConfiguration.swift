import COpenSSL
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

/// The two ends of a TLS connection.
enum TLSRole: Sendable {
    case server
    case client
}

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

/// A version of the TLS protocol that this module speaks.
public struct TLSVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The number on the wire, such as 0x0304 for TLS 1.3.
    public let wireValue: UInt16

    init(wireValue: UInt16) {
        self.wireValue = wireValue
    }

    /// TLS 1.2.
    public static let v1_2 = TLSVersion(wireValue: UInt16(TLS1_2_VERSION))
    /// TLS 1.3.
    public static let v1_3 = TLSVersion(wireValue: UInt16(TLS1_3_VERSION))

    /// The version as people write it: `TLSv1.3`.
    public var description: String {
        switch self {
        case .v1_2: "TLSv1.2"
        case .v1_3: "TLSv1.3"
        default: "TLS version \(wireValue)"
        }
    }

    /// An older version is less than a newer one.
    public static func < (left: TLSVersion, right: TLSVersion) -> Bool {
        left.wireValue < right.wireValue
    }
}

/// What OpenSSL says of single settings, so that a person can be told which word of a list is wrong.
///
/// A context takes a list in which it knows one name, and skips the others without a word.
extension TLSConfiguration {
    /// Makes sure that OpenSSL can use a cipher of TLS 1.2.
    ///
    /// - Throws: ``TLSError/Kind/configuration`` with OpenSSL's reason.
    public static func checkCipher(_ name: String) throws(TLSError) {
        try check("the TLS 1.2 cipher '\(name)'", name) { SSL_CTX_set_cipher_list($0, name) }
    }

    /// Makes sure that OpenSSL can use a cipher suite of TLS 1.3.
    ///
    /// - Throws: ``TLSError/Kind/configuration`` with OpenSSL's reason.
    public static func checkCipherSuite(_ name: String) throws(TLSError) {
        try check("the TLS 1.3 cipher suite '\(name)'", name) { SSL_CTX_set_ciphersuites($0, name) }
    }

    /// Makes sure that OpenSSL has a group for the key exchange.
    ///
    /// - Throws: ``TLSError/Kind/configuration`` with OpenSSL's reason.
    public static func checkGroup(_ name: String) throws(TLSError) {
        try check("the group '\(name)'", name) { COpenSSL_SSL_CTX_set1_groups_list($0, name) }
    }

    /// Makes sure that contexts can be made of this configuration.
    ///
    /// - Throws: ``TLSError/Kind/configuration`` with OpenSSL's reason.
    public func check() throws(TLSError) {
        _ = try TLSContext.client(trust: .unverified, configuration: self)
    }

    private static func check(
        _ setting: String,
        _ name: String,
        _ apply: (OpaquePointer) -> CInt
    ) throws(TLSError) {
        OpenSSLErrorQueue.clear()
        guard let context = SSL_CTX_new(TLS_server_method()) else {
            throw TLSError(.engine, "OpenSSL makes no TLS context", reasons: OpenSSLErrorQueue.drain())
        }
        defer { SSL_CTX_free(context) }
        // Separators would make a list of it, and a list is accepted for one name in it.
        let isOneName = !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !":,;".utf8.contains($0) }
        guard isOneName, apply(context) == 1 else {
            throw TLSError(.configuration, "OpenSSL does not know \(setting)", reasons: OpenSSLErrorQueue.drain())
        }
    }
}
