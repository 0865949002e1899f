import COpenSSL
import NIOCore
import Testing

@testable import NIOOpenSSL

/// Every object of OpenSSL is freed by the object that owns it. OpenSSL itself counts.
@Suite("Objects of OpenSSL")
struct LeakTests {
    @Test("connections are freed however they end")
    func connectionsAreFreedHoweverTheyEnd() throws {
        let counter = FreeCounter(of: CRYPTO_EX_INDEX_SSL)
        var watched = 0
        for ending in 0..<4 {
            let pair = try BackToBack.connected()
            for end in [pair.server, pair.client] {
                let ssl = try #require(end.tls.connection?.ssl)
                counter.watch { SSL_set_ex_data(ssl, $0, $1) }
                watched += 1
            }
            switch ending {
            case 0: pair.server.channel.close(promise: nil)
            case 1: pair.client.socket.endInput(halfClosureAllowed: false)
            case 2: _ = try? pair.server.channel.writeInbound(ByteBuffer(repeating: 1, count: 50))
            default: break
            }
            try pair.exchange()
        }
        #expect(counter.freed == watched)
    }

    @Test("contexts and certificates are freed")
    func contextsAndCertificatesAreFreed() throws {
        let contexts = FreeCounter(of: CRYPTO_EX_INDEX_SSL_CTX)
        let certificates = FreeCounter(of: CRYPTO_EX_INDEX_X509)
        func use() throws {
            let identity = try TLSIdentity.throwaway(names: ["localhost"])
            let read = try TLSIdentity(
                certificateChainPEM: identity.certificateChainPEM,
                privateKeyPEM: identity.privateKeyPEM
            )
            for certificate in [identity.leaf, read.leaf] {
                certificates.watch { X509_set_ex_data(certificate.pointer, $0, $1) }
            }
            let server = try TLSContext.server(identity: read)
            let client = try TLSContext.client(trust: .certificates([read.leaf]))
            for context in [server, client] {
                contexts.watch { SSL_CTX_set_ex_data(context.pointer, $0, $1) }
            }
            let pair = try BackToBack.connected(server: server, client: client)
            pair.client.send("in use")
            try pair.exchange()
            #expect(pair.server.recorder.received.readableBytes == 6)
        }
        try use()
        #expect(contexts.freed == 2)
        #expect(certificates.freed == 2)
    }
}

/// Counts how many of the objects that it was attached to were freed.
private final class FreeCounter {
    private(set) var freed = 0
    private let index: CInt

    init(of kind: CInt) {
        index = CRYPTO_get_ex_new_index(kind, 0, nil, nil, nil) { _, counter, _, _, _, _ in
            guard let counter else {
                return
            }
            Unmanaged<FreeCounter>.fromOpaque(counter).takeUnretainedValue().freed += 1
        }
    }

    func watch(_ attach: (CInt, UnsafeMutableRawPointer) -> CInt) {
        #expect(attach(index, Unmanaged.passUnretained(self).toOpaque()) == 1)
    }
}
