import NIOCore
import NIOEmbedded
import NIOOpenSSL
import Testing

/// A handshake in which anything happens to the bytes ends: with an error, or as if nothing had happened.
@Suite("Damaged handshakes")
struct DamagedHandshakeTests {
    private static let seeds: UInt64 = 10_000
    private static let parts: UInt64 = 4

    @Test("end with an error or with the right data", arguments: 0..<parts)
    func endWithAnErrorOrWithTheRightData(part: UInt64) throws {
        let versions = [TLSVersion.v1_2, .v1_3]
        let servers = try versions.map { try Fixtures.server(Fixtures.only($0)) }
        let client = try Fixtures.client()
        var (damaged, succeeded) = (0, 0)
        for seed in stride(from: part, to: Self.seeds, by: Int(Self.parts)) {
            var damage = RecordDamage(seed: seed)
            let pair = try BackToBack(server: servers[Int(seed / Self.parts) % 2], client: client)
            pair.tamper = { _, bytes in damage.pass(&bytes) }
            try pair.activate()
            try pair.exchange()
            pair.tamper = nil
            pair.client.send("secret")
            try pair.exchange()
            // Whoever waits for something that was lost waits no longer than this.
            pair.loop.advanceTime(by: .seconds(11))
            try pair.exchange()
            damaged += damage.isDone ? 1 : 0

            let server = pair.server
            if server.recorder.received == ByteBuffer(string: "secret") {
                succeeded += 1
                continue
            }
            // Loops rather than one expectation for each seed: ten thousand of those take longer than the handshakes.
            if server.recorder.received.readableBytes > 0 || server.channel.isActive || server.recorder.errors.isEmpty {
                Issue.record("seed \(seed): \(server.recorder.events)")
            }
        }
        #expect(damaged > Int(Self.seeds / Self.parts) / 2)
        #expect(succeeded > 0)
    }

    @Test("every truncation of a client hello is waited for and then an error")
    func everyTruncationOfAClientHelloIsWaitedForAndThenAnError() throws {
        let context = try Fixtures.server()
        let hello = try clientHello()
        for count in 1..<hello.count {
            let server = try ServerChannel(context)
            defer { server.drop() }
            _ = try? server.channel.writeInbound(ByteBuffer(bytes: hello[..<count]))
            #expect(server.recorder.errors.isEmpty && server.channel.isActive)
            server.socket.endInput(halfClosureAllowed: false)
            #expect(server.recorder.errorKinds == [.handshakeFailed])
        }
    }

    @Test("every truncation that says that it is whole is an error or a handshake")
    func everyTruncationThatSaysThatItIsWholeIsAnErrorOrAHandshake() throws {
        let context = try Fixtures.server()
        let hello = try clientHello()
        // Behind the headers of the record and the message, both of which tell the length of what is left.
        for count in 9..<hello.count {
            var bytes = Array(hello[..<count])
            bytes[3] = UInt8((count - 5) >> 8)
            bytes[4] = UInt8((count - 5) & 0xFF)
            bytes[7] = UInt8((count - 9) >> 8)
            bytes[8] = UInt8((count - 9) & 0xFF)
            let server = try ServerChannel(context)
            defer { server.drop() }
            _ = try? server.channel.writeInbound(ByteBuffer(bytes: bytes))
            if server.channel.isActive {
                // Extensions are optional: cut behind a whole one and lengths set right, it would be a hello. Here the
                // list of extensions still tells its old length.
                Issue.record("\(count) bytes of \(hello.count)")
            }
            #expect(server.recorder.errorKinds == [.handshakeFailed])
            // The client learns why.
            let alert = try server.channel.readOutbound(as: ByteBuffer.self)
            #expect(alert?.getInteger(at: 0, as: UInt8.self) == 21)
        }
    }

    private func clientHello() throws -> [UInt8] {
        let pair = try BackToBack()
        try pair.client.activate()
        return Array(try pair.takeOutput(of: pair.client).readableBytesView)
    }
}
