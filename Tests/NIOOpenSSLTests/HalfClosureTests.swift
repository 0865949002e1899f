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

    @Test("a peer that left without close_notify is not written to any more")
    func aPeerThatLeftWithoutCloseNotifyIsNotWrittenToAnyMore() throws {
        let pair = try BackToBack.connected(halfClosure: true)
        let writes = pair.server.socket.writes
        pair.server.socket.endInput(halfClosureAllowed: true)
        let outcome = close(pair.server, pair)
        #expect(outcome.succeeded && !pair.server.channel.isActive)
        #expect(pair.server.socket.writes == writes)
    }

    @Test("a peer that left without close_notify gets all that was under way to it, and close_notify")
    func aPeerThatLeftWithoutCloseNotifyGetsAllThatWasUnderWayToItAndCloseNotify() throws {
        let pair = try BackToBack.connected(halfClosure: true)
        pair.server.socket.isStuck = true
        pair.server.send("under way")
        pair.server.socket.endInput(halfClosureAllowed: true)
        let outcome = close(pair.server, pair)
        #expect(pair.server.channel.isActive && outcome.result == nil)
        pair.server.socket.isStuck = false
        pair.server.socket.flushNow()
        #expect(outcome.succeeded)
        try pair.exchange()
        #expect(pair.client.recorder.received == ByteBuffer(string: "under way"))
        #expect(pair.client.recorder.milestones == [.active, .handshakeCompleted, .inputClosed])
    }

    @Test("a peer that left without close_notify and was answered after that gets close_notify")
    func aPeerThatLeftWithoutCloseNotifyAndWasAnsweredAfterThatGetsCloseNotify() throws {
        let pair = try BackToBack.connected(halfClosure: true)
        pair.server.socket.endInput(halfClosureAllowed: true)
        pair.server.send("the answer")
        let outcome = close(pair.server, pair)
        #expect(outcome.succeeded)
        try pair.exchange()
        #expect(pair.client.recorder.received == ByteBuffer(string: "the answer"))
        #expect(pair.client.recorder.milestones == [.active, .handshakeCompleted, .inputClosed])
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

    private func close(_ end: BackToBack.End, _ pair: BackToBack) -> Outcome {
        let promise = pair.loop.makePromise(of: Void.self)
        let outcome = Outcome(promise)
        end.channel.close(promise: promise)
        return outcome
    }

    private func closeOutput(_ end: BackToBack.End, _ pair: BackToBack) -> Outcome {
        let promise = pair.loop.makePromise(of: Void.self)
        let outcome = Outcome(promise)
        end.channel.close(mode: .output, promise: promise)
        return outcome
    }
}
