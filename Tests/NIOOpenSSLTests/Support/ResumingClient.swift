import COpenSSL
import NIOCore
import NIOOpenSSL
import Testing

/// Connects a raw client to a server context, reads some data, and says how it went.
struct ResumingClient {
    let version: CInt
    var serverName: String?

    struct Outcome {
        let isResumed: Bool?
        let session: RawSession
        let handshake: TLSHandshakeCompleted?
    }

    /// The two versions that have tickets.
    static let versions = [TLS1_2_VERSION, TLS1_3_VERSION]

    func connect(
        _ context: TLSContext,
        resuming session: RawSession? = nil,
        as identity: TLSIdentity? = nil
    ) throws -> Outcome {
        let server = try ServerChannel(context)
        defer { server.drop() }
        let peer = try RawPeer(oldest: version, newest: version, resuming: session, identity: identity)
        if let serverName {
            try #require(COpenSSL_SSL_set_tlsext_host_name(peer.ssl, serverName) == 1)
        }
        #expect(try peer.handshake(with: server.channel))
        // The ticket of TLS 1.3 is behind the handshake: it is read with the first data.
        server.channel.writeAndFlush(ByteBuffer(string: "data"), promise: nil)
        try peer.exchange(with: server.channel)
        #expect(peer.read() == "data")
        #expect(server.recorder.errors.isEmpty)
        return Outcome(
            isResumed: server.recorder.handshake?.isResumed,
            session: try peer.session(),
            handshake: server.recorder.handshake
        )
    }
}
