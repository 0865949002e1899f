import NIOCore
import NIOOpenSSL
import NIOSSL

/// What most tests share: one identity, and contexts of both libraries that go with it.
enum Fixtures {
    static let identity = Result { () throws(TLSError) in
        try TLSIdentity.throwaway(names: ["localhost", "*.example.org", "127.0.0.1", "::1"])
    }

    static func server(
        _ configuration: NIOOpenSSL.TLSConfiguration = .intermediate(),
        keys: TLSTicketKeys? = nil,
        verifying clients: TLSClientVerification? = nil
    ) throws -> TLSContext {
        try TLSContext.server(
            identity: identity.get(),
            configuration: configuration,
            ticketKeys: keys,
            clientVerification: clients
        )
    }

    static func client(_ configuration: NIOOpenSSL.TLSConfiguration = .intermediate()) throws -> TLSContext {
        try TLSContext.client(trust: .certificates([identity.get().leaf]), configuration: configuration)
    }

    /// A configuration that speaks one version only.
    static func only(
        _ version: NIOOpenSSL.TLSVersion,
        protocols: [String] = []
    ) -> NIOOpenSSL.TLSConfiguration {
        var configuration = NIOOpenSSL.TLSConfiguration.intermediate(applicationProtocols: protocols)
        configuration.minimumVersion = version
        configuration.maximumVersion = version
        return configuration
    }

    /// A client context of BoringSSL, which shares no code with ours, that trusts the identity.
    static func boringClient(
        version: NIOSSL.TLSVersion? = nil,
        protocols: [String] = []
    ) throws -> NIOSSLContext {
        var configuration = NIOSSL.TLSConfiguration.makeClientConfiguration()
        let certificate = try NIOSSLCertificate(bytes: identity.get().certificateChainPEM, format: .pem)
        configuration.trustRoots = .certificates([certificate])
        configuration.applicationProtocols = protocols
        configuration.shutdownTimeout = .minutes(5)
        if let version {
            configuration.minimumTLSVersion = version
            configuration.maximumTLSVersion = version
        }
        return try NIOSSLContext(configuration: configuration)
    }
}
