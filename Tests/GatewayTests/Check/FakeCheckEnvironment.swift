import HysteriaStats
import NIOCore
import NIOOpenSSL

@testable import Gateway

extension CheckEnvironment {
    /// A machine on which every address is free and Hysteria answers; it has no certificate unless one is given.
    static func fake(
        _ configuration: String = ConfigurationFixture.minimal,
        identity: TLSIdentity? = nil,
        files change: (inout FakeFiles) -> Void = { _ in },
        adapt: (inout CheckEnvironment) -> Void = { _ in }
    ) -> CheckEnvironment {
        var files = FakeFiles(configuration: configuration)
        change(&files)
        var environment = CheckEnvironment(
            configuration: files.environment,
            bind: { _ in nil },
            listeners: { [] },
            descriptors: { 65_536 },
            identity: { files throws(TLSError) in
                if let identity { return identity }
                return try TLSIdentity(certificateChainPEM: [], privateKeyPEM: [])
            },
            ask: { _ in .success(StatsAnswer(body: ByteBuffer(string: "{}"))) },
            survey: { _, _, _ in [] }
        )
        adapt(&environment)
        return environment
    }
}
