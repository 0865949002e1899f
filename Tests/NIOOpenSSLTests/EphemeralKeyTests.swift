import COpenSSL
import NIOCore
import Testing

@testable import NIOOpenSSL

@Suite("The keys of a key exchange")
struct EphemeralKeyTests {
    /// How many bytes of its public half a key still has, without which there is no secret one; `nil` if there is no key.
    private func publicSize(_ connection: TLSConnection, _ which: CInt) -> Int? {
        var key: OpaquePointer?
        guard SSL_ctrl(connection.ssl, which, 0, &key) == 1, let key else { return nil }
        defer { EVP_PKEY_free(key) }
        // Asked without room for it, OpenSSL says the size of any key of that type.
        var half = [UInt8](repeating: 0, count: 100)
        var count = half.count
        return EVP_PKEY_get_raw_public_key(key, &half, &count) == 1 ? count : 0
    }

    @Test("are gone once the handshake is complete")
    func areGoneOnceTheHandshakeIsComplete() throws {
        let pair = try BackToBack.connected()
        for end in [pair.server, pair.client] {
            let connection = try #require(end.tls.connection)
            for key in [SSL_CTRL_GET_TMP_KEY, SSL_CTRL_GET_PEER_TMP_KEY] {
                #expect(publicSize(connection, key) ?? 0 == 0)
            }
        }
        #expect(publicSize(try #require(pair.server.tls.connection), SSL_CTRL_GET_TMP_KEY) == 0)
    }

    @Test("are not missed, not even when keys are updated", arguments: [TLSVersion.v1_2, .v1_3])
    func areNotMissed(version: TLSVersion) throws {
        let pair = try BackToBack.connected(client: Fixtures.client(Fixtures.only(version)))
        let client = try #require(pair.client.tls.connection)
        if version == .v1_3 { #expect(SSL_key_update(client.ssl, SSL_KEY_UPDATE_REQUESTED) == 1) }
        pair.client.send("question")
        pair.server.send("answer")
        try pair.exchange()
        pair.client.send(", another")
        try pair.exchange()
        #expect(pair.server.recorder.received == ByteBuffer(string: "question, another"))
        #expect(pair.client.recorder.received == ByteBuffer(string: "answer"))
    }
}
