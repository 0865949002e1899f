import NIOCore
import Testing

@testable import Gateway

@Suite("Handshakes in progress are limited")
struct HandshakeLimitTests {
    private let address = try? SocketAddress(ipAddress: "192.0.2.1", port: 1)

    @Test func handshakesInProgressAreLimited() throws {
        let limiter = ConnectionLimiter(connections: 10, connectionsPerAddress: 10, handshakes: 2)
        for _ in 0..<2 { try limiter.admit(address, isHandshaking: true) }
        let refusal = #expect(throws: ConnectionLimiter.Refusal.self) {
            try limiter.admit(address, isHandshaking: true)
        }
        guard case .tooManyHandshakes(limit: 2) = refusal else {
            Issue.record("refused for another reason: \(String(describing: refusal))")
            return
        }
    }

    @Test func aCompletedHandshakeMakesRoomForAnother() throws {
        let limiter = ConnectionLimiter(connections: 10, connectionsPerAddress: 10, handshakes: 1)
        for _ in 0..<3 {
            try limiter.admit(address, isHandshaking: true)
            limiter.handshakeEnded()
        }
    }

    @Test func connectionsWithoutHandshakeAreNotCountedAsHandshaking() throws {
        let limiter = ConnectionLimiter(connections: 10, connectionsPerAddress: 10, handshakes: 1)
        for _ in 0..<3 { try limiter.admit(address) }
        try limiter.admit(address, isHandshaking: true)
    }

    @Test func aRefusedHandshakeCountsNowhere() throws {
        let limiter = ConnectionLimiter(connections: 2, connectionsPerAddress: 2, handshakes: 1)
        try limiter.admit(address, isHandshaking: true)
        for _ in 0..<5 { #expect(throws: (any Error).self) { try limiter.admit(address, isHandshaking: true) } }
        limiter.handshakeEnded()
        try limiter.admit(address, isHandshaking: true)
        #expect(throws: (any Error).self) { try limiter.admit(address) }
    }
}
