import NIOCore
import NIOEmbedded
import NIOOpenSSL
import Testing

@Suite("Closing one direction")
struct HalfClosureTests {
    @Test("leaves the other open", arguments: [TLSVersion.v1_2, .v1_3])
    func leavesTheOtherOpen(version: TLSVersion) throws {
        let pair = try BackToBack.connected(server: Fixtures.server(Fixtures.only(version)), halfClosure: true)
        pair.client.channel.write(ByteBuffer(string: "the whole question"), promise: nil)
        let outcome = closeOutput(pair.client, pair)
        try pair.exchange()
        #expect(outcome.succeeded)
        #expect(pair.server.recorder.received == ByteBuffer(string: "the whole question"))
        #expect(pair.server.recorder.milestones == [.active, .handshakeCompleted, .inputClosed])
        pair.server.send("the whole answer")
        try pair.exchange()
        #expect(pair.client.recorder.received == ByteBuffer(string: "the whole answer"))
        pair.server.channel.close(promise: nil)
        try pair.exchange()
        #expect(!pair.server.channel.isActive && !pair.client.channel.isActive)
        #expect(pair.server.recorder.errors.isEmpty && pair.client.recorder.errors.isEmpty)
    }

    @Test("later writes fail")
    func laterWritesFail() throws {
        let pair = try BackToBack.connected(halfClosure: true)
        pair.client.channel.close(mode: .output, promise: nil)
        let promise = pair.loop.makePromise(of: Void.self)
        let outcome = Outcome(promise)
        pair.client.channel.writeAndFlush(ByteBuffer(string: "too late"), promise: promise)
        #expect(outcome.error as? ChannelError == .outputClosed)
    }

    @Test("during the handshake waits for its end and for what was written")
    func duringTheHandshakeWaitsForItsEndAndForWhatWasWritten() throws {
        let pair = try BackToBack(halfClosure: true)
        try pair.activate()
        pair.client.channel.write(ByteBuffer(string: "all of it"), promise: nil)
        let outcome = closeOutput(pair.client, pair)
        #expect(outcome.result == nil)
        try pair.exchange()
        #expect(outcome.succeeded)
        #expect(pair.server.recorder.received == ByteBuffer(string: "all of it"))
        #expect(pair.server.recorder.milestones == [.active, .handshakeCompleted, .inputClosed])
    }

    @Test("both directions in turn close the channel")
    func bothDirectionsInTurnCloseTheChannel() throws {
        let pair = try BackToBack.connected(halfClosure: true)
        pair.client.channel.close(mode: .output, promise: nil)
        try pair.exchange()
        let outcome = closeOutput(pair.server, pair)
        try pair.exchange()
        #expect(outcome.succeeded)
        #expect(!pair.server.channel.isActive && !pair.client.channel.isActive)
    }

    @Test("then both directions waits only so long")
    func thenBothDirectionsWaitsOnlySoLong() throws {
        let pair = try BackToBack.connected(halfClosure: true, closeTimeout: .seconds(1))
        pair.server.channel.close(mode: .output, promise: nil)
        _ = try pair.takeOutput(of: pair.server)
        pair.server.channel.close(promise: nil)
        #expect(pair.server.channel.isActive)
        pair.loop.advanceTime(by: .seconds(1))
        #expect(!pair.server.channel.isActive)
    }

    @Test("an end of input without close_notify is reported and leaves the output open")
    func anEndOfInputWithoutCloseNotifyIsReportedAndLeavesTheOutputOpen() throws {
        let pair = try BackToBack.connected(halfClosure: true)
        pair.server.socket.endInput(halfClosureAllowed: true)
        #expect(
            pair.server.recorder.events == [.active, .handshakeCompleted, .error(.uncleanShutdown), .inputClosed]
        )
        pair.server.send("still there?")
        try pair.exchange()
        #expect(pair.client.recorder.received == ByteBuffer(string: "still there?"))
    }

    @Test("data after the peers close_notify is ignored")
    func dataAfterThePeersCloseNotifyIsIgnored() throws {
        let pair = try BackToBack.connected(halfClosure: true)
        pair.client.channel.close(mode: .output, promise: nil)
        var bytes = try pair.takeOutput(of: pair.client)
        bytes.writeString("bytes that follow")
        _ = try pair.server.channel.writeInbound(bytes)
        _ = try pair.server.channel.writeInbound(ByteBuffer(string: "and more"))
        #expect(pair.server.recorder.events == [.active, .handshakeCompleted, .inputClosed])
    }

    @Test("closing the input is not supported")
    func closingTheInputIsNotSupported() throws {
        let pair = try BackToBack.connected(halfClosure: true)
        let promise = pair.loop.makePromise(of: Void.self)
        let outcome = Outcome(promise)
        pair.server.channel.close(mode: .input, promise: promise)
        #expect(outcome.error as? ChannelError == .operationUnsupported)
    }

    private func closeOutput(_ end: BackToBack.End, _ pair: BackToBack) -> Outcome {
        let promise = pair.loop.makePromise(of: Void.self)
        let outcome = Outcome(promise)
        end.channel.close(mode: .output, promise: promise)
        return outcome
    }
}
