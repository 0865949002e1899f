import NIOCore
import NIOEmbedded
import NIOOpenSSL
import Testing

/// Whatever is done to the bytes, the damage is noticed, nothing false is delivered, and the channel closes.
@Suite("Damaged input")
struct DamagedInputTests {
    @Test("a changed bit in a record is an error and no data", arguments: [TLSVersion.v1_2, .v1_3])
    func aChangedBitInARecordIsAnErrorAndNoData(version: TLSVersion) throws {
        var numbers = SeededNumbers(seed: 7)
        for _ in 0..<50 {
            let pair = try BackToBack.connected(server: Fixtures.server(Fixtures.only(version)))
            pair.client.send("what was really sent")
            var bytes = try pair.takeOutput(of: pair.client)
            // Behind the header, so that the record is whole.
            let index = Int.random(in: 5..<bytes.readableBytes, using: &numbers)
            flip(&bytes, at: index, bit: UInt8.random(in: 0..<8, using: &numbers))
            _ = try? pair.server.channel.writeInbound(bytes)
            #expect(pair.server.recorder.events == [.active, .handshakeCompleted, .error(.engine), .inactive])
            // The peer learns why.
            let alert = try pair.takeOutput(of: pair.server)
            #expect(alert.readableBytes > 0)
            _ = try? pair.client.channel.writeInbound(alert)
            #expect("\(pair.client.recorder.errors)".contains("bad record mac"))
        }
    }

    @Test("a changed bit anywhere never lets false data through nor leaves both sides waiting")
    func aChangedBitAnywhereNeverLetsFalseDataThroughNorLeavesBothSidesWaiting() throws {
        var numbers = SeededNumbers(seed: 11)
        for _ in 0..<150 {
            let pair = try BackToBack()
            let victim = Int.random(in: 0..<4, using: &numbers)
            let place = Double.random(in: 0..<1, using: &numbers)
            let bit = UInt8.random(in: 0..<8, using: &numbers)
            var segment = 0
            pair.tamper = { _, bytes in
                if segment == victim, bytes.readableBytes > 0 {
                    flip(&bytes, at: Int(place * Double(bytes.readableBytes)), bit: bit)
                }
                segment += bytes.readableBytes > 0 ? 1 : 0
            }
            try pair.activate()
            try pair.exchange()
            pair.client.send("secret")
            try pair.exchange()
            pair.loop.advanceTime(by: .seconds(11))
            try pair.exchange()
            let received = pair.server.recorder.received
            #expect(received.readableBytes == 0 || received == ByteBuffer(string: "secret"))
            #expect(
                segment <= victim || !(pair.server.channel.isActive && pair.client.channel.isActive)
                    || received.readableBytes > 0
            )
        }
    }

    @Test("a truncated record is never delivered")
    func aTruncatedRecordIsNeverDelivered() throws {
        for length in [1, 4, 5, 6, 20, 30] {
            let pair = try BackToBack.connected()
            pair.client.send("the whole or nothing")
            var bytes = try pair.takeOutput(of: pair.client)
            let part = bytes.readSlice(length: length)
            _ = try pair.server.channel.writeInbound(#require(part))
            pair.server.socket.endInput(halfClosureAllowed: false)
            #expect(pair.server.recorder.received.readableBytes == 0)
            #expect(pair.server.recorder.errorKinds == [.uncleanShutdown])
        }
    }

    @Test("random bytes never crash")
    func randomBytesNeverCrash() throws {
        var numbers = SeededNumbers(seed: 3)
        for _ in 0..<300 {
            let server = try ServerChannel(Fixtures.server())
            defer { server.drop() }
            var bytes = ByteBuffer()
            if Bool.random(using: &numbers) {
                // The beginning of a record, so that more than the header is looked at.
                bytes.writeBytes([22, 3, 1, 0, UInt8.random(in: 4...200, using: &numbers), 1, 0, 0])
            }
            for _ in 0..<Int.random(in: 1...400, using: &numbers) {
                bytes.writeInteger(UInt8.random(in: .min ... .max, using: &numbers))
            }
            _ = try? server.channel.writeInbound(bytes)
            #expect(server.recorder.handshake == nil)
            #expect(server.channel.isActive == server.recorder.errors.isEmpty)
        }
    }

    @Test("one connections error is not anothers")
    func oneConnectionsErrorIsNotAnothers() throws {
        let healthy = try BackToBack.connected()
        for _ in 0..<10 {
            let sick = try ServerChannel(Fixtures.server())
            defer { sick.drop() }
            _ = try? sick.channel.writeInbound(ByteBuffer(string: "GET / HTTP/1.1\r\n\r\n"))
            healthy.client.send(".")
            try healthy.exchange()
        }
        #expect(healthy.server.recorder.received == ByteBuffer(string: ".........."))
        #expect(healthy.server.recorder.errors.isEmpty)
    }

    private func flip(_ bytes: inout ByteBuffer, at index: Int, bit: UInt8) {
        guard let byte: UInt8 = bytes.getInteger(at: bytes.readerIndex + index) else {
            return
        }
        bytes.setInteger(byte ^ (1 << bit), at: bytes.readerIndex + index)
    }
}
