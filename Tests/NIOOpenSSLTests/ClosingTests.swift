import NIOCore
import NIOEmbedded
import NIOOpenSSL
import Testing

@Suite("Closing")
struct ClosingTests {
    @Test("sends close_notify in both directions and nobody minds it", arguments: [TLSVersion.v1_2, .v1_3])
    func sendsCloseNotifyInBothDirectionsAndNobodyMindsIt(version: TLSVersion) throws {
        let pair = try BackToBack.connected(server: Fixtures.server(Fixtures.only(version)))
        let outcome = close(pair.client, pair)
        try pair.exchange()
        #expect(outcome.succeeded)
        #expect(pair.client.recorder.milestones == [.active, .handshakeCompleted, .inactive])
        #expect(pair.server.recorder.milestones == [.active, .handshakeCompleted, .inactive])
    }

    @Test("delivers what was flushed before")
    func deliversWhatWasFlushedBefore() throws {
        let pair = try BackToBack.connected()
        pair.server.channel.writeAndFlush(ByteBuffer(repeating: 7, count: 1_000_000), promise: nil)
        pair.server.channel.close(promise: nil)
        try pair.exchange()
        #expect(pair.client.recorder.received == ByteBuffer(repeating: 7, count: 1_000_000))
        #expect(pair.client.recorder.events.last == .inactive)
        #expect(pair.client.recorder.errors.isEmpty)
    }

    @Test("fails what was not flushed")
    func failsWhatWasNotFlushed() throws {
        let pair = try BackToBack.connected()
        let promise = pair.loop.makePromise(of: Void.self)
        let outcome = Outcome(promise)
        pair.server.channel.write(ByteBuffer(string: "lost"), promise: promise)
        pair.server.channel.close(promise: nil)
        #expect(outcome.error as? ChannelError == .ioOnClosedChannel)
        try pair.exchange()
        #expect(pair.client.recorder.received.readableBytes == 0)
    }

    @Test("plaintext before close_notify is delivered before the close")
    func plaintextBeforeCloseNotifyIsDeliveredBeforeTheClose() throws {
        let pair = try BackToBack.connected()
        pair.client.send("last words")
        pair.client.channel.close(promise: nil)
        try pair.exchange()
        #expect(
            pair.server.recorder.events == [.active, .handshakeCompleted, .read(10), .readComplete, .inactive]
        )
    }

    @Test("the answer to the last question still goes out")
    func theAnswerToTheLastQuestionStillGoesOut() throws {
        let pair = try BackToBack.connected(halfClosure: false)
        pair.server.recorder.onRead = { context, bytes in context.write(NIOAny(bytes), promise: nil) }
        pair.server.recorder.onEvent = { context, event in
            if event == .readComplete {
                context.flush()
            }
        }
        pair.client.send("question")
        let question = try pair.takeOutput(of: pair.client)
        pair.client.channel.close(mode: .output, promise: nil)
        var all = question
        all.writeImmutableBuffer(try pair.takeOutput(of: pair.client))
        _ = try pair.server.channel.writeInbound(all)
        _ = try pair.client.channel.writeInbound(pair.takeOutput(of: pair.server))
        #expect(pair.client.recorder.received == ByteBuffer(string: "question"))
    }

    @Test("waits for the peer only so long")
    func waitsForThePeerOnlySoLong() throws {
        let pair = try BackToBack.connected(closeTimeout: .seconds(2))
        let outcome = close(pair.server, pair)
        _ = try pair.takeOutput(of: pair.server)
        #expect(pair.server.socket.outputEnded)
        pair.loop.advanceTime(by: .milliseconds(1999))
        #expect(pair.server.channel.isActive && outcome.result == nil)
        pair.loop.advanceTime(by: .milliseconds(1))
        #expect(!pair.server.channel.isActive && outcome.succeeded)
        #expect(pair.server.recorder.errors.isEmpty)
    }

    @Test("cuts off a peer that does not read after a second look")
    func cutsOffAPeerThatDoesNotReadAfterASecondLook() throws {
        let pair = try BackToBack.connected(closeTimeout: .seconds(2))
        pair.server.socket.isStuck = true
        pair.server.channel.writeAndFlush(ByteBuffer(repeating: 1, count: 100_000), promise: nil)
        let outcome = close(pair.server, pair)
        // The first time that the time is up, there is nothing to compare what is left with.
        pair.loop.advanceTime(by: .seconds(2))
        #expect(pair.server.channel.isActive)
        pair.loop.advanceTime(by: .seconds(2))
        #expect(!pair.server.channel.isActive && outcome.succeeded)
    }

    @Test("a close_notify of the peer does not cut off what is in flight to it")
    func aCloseNotifyOfThePeerDoesNotCutOffWhatIsInFlightToIt() throws {
        let pair = try BackToBack.connected()
        pair.server.socket.isStuck = true
        pair.server.channel.writeAndFlush(ByteBuffer(repeating: 1, count: 100_000), promise: nil)
        let outcome = close(pair.server, pair)
        pair.client.channel.close(mode: .output, promise: nil)
        _ = try pair.server.channel.writeInbound(pair.takeOutput(of: pair.client))
        #expect(pair.server.channel.isActive && outcome.result == nil)
        pair.server.socket.isStuck = false
        pair.server.socket.flushNow()
        #expect(outcome.succeeded)
        _ = try pair.client.channel.writeInbound(pair.takeOutput(of: pair.server))
        #expect(pair.client.recorder.received.readableBytes == 100_000)
    }

    @Test("an end of TCP is answer enough")
    func anEndOfTCPIsAnswerEnough() throws {
        let pair = try BackToBack.connected()
        let outcome = close(pair.server, pair)
        pair.server.socket.endInput(halfClosureAllowed: false)
        #expect(outcome.succeeded)
        #expect(pair.server.recorder.errors.isEmpty)
    }

    @Test("undecryptable bytes after close_notify end it")
    func undecryptableBytesAfterCloseNotifyEndIt() throws {
        let pair = try BackToBack.connected()
        let outcome = close(pair.server, pair)
        _ = try? pair.server.channel.writeInbound(ByteBuffer(repeating: 0x66, count: 100))
        #expect(outcome.succeeded && !pair.server.channel.isActive)
        #expect(pair.server.recorder.errors.isEmpty)
    }

    @Test("data after close_notify is dropped")
    func dataAfterCloseNotifyIsDropped() throws {
        let pair = try BackToBack.connected()
        pair.client.send("crosses close_notify")
        pair.server.channel.close(promise: nil)
        try pair.exchange()
        #expect(pair.server.recorder.received.readableBytes == 0)
        #expect(pair.server.recorder.errors.isEmpty && !pair.server.channel.isActive)
    }

    @Test("repeated closes all succeed")
    func repeatedClosesAllSucceed() throws {
        let pair = try BackToBack.connected()
        let outcomes = (0..<5).map { _ in close(pair.server, pair) }
        try pair.exchange()
        #expect(outcomes.filter(\.succeeded).count == outcomes.count)
    }

    @Test("both sides at once is fine")
    func bothSidesAtOnceIsFine() throws {
        let pair = try BackToBack.connected()
        let outcomes = [close(pair.server, pair), close(pair.client, pair)]
        try pair.exchange()
        #expect(outcomes.filter(\.succeeded).count == outcomes.count)
        #expect(pair.server.recorder.errors.isEmpty && pair.client.recorder.errors.isEmpty)
    }

    @Test("before the handshake it closes the channel at once")
    func beforeTheHandshakeItClosesTheChannelAtOnce() throws {
        let pair = try BackToBack()
        let idle = close(pair.client, pair)
        #expect(idle.succeeded)
        try pair.server.activate()
        let write = pair.loop.makePromise(of: Void.self)
        let written = Outcome(write)
        pair.server.channel.writeAndFlush(ByteBuffer(string: "lost"), promise: write)
        let handshaking = close(pair.server, pair)
        #expect(handshaking.succeeded)
        #expect(written.error as? ChannelError == .ioOnClosedChannel)
        #expect(!pair.server.channel.isActive)
    }

    @Test("from within the handshake event it works")
    func fromWithinTheHandshakeEventItWorks() throws {
        let pair = try BackToBack()
        pair.server.recorder.onEvent = { context, event in
            if event == .handshakeCompleted {
                context.close(promise: nil)
            }
        }
        try pair.activate()
        try pair.exchange()
        #expect(!pair.server.channel.isActive && !pair.client.channel.isActive)
        #expect(pair.client.recorder.errors.isEmpty)
    }

    @Test("from within a read it works")
    func fromWithinAReadItWorks() throws {
        let pair = try BackToBack.connected()
        pair.server.recorder.onRead = { context, _ in context.close(promise: nil) }
        pair.client.channel.writeAndFlush(ByteBuffer(repeating: 1, count: 200_000), promise: nil)
        try pair.exchange()
        #expect(!pair.server.channel.isActive)
        #expect(pair.server.recorder.received.readableBytes <= 16_384)
    }

    @Test("an end of TCP without close_notify is reported")
    func anEndOfTCPWithoutCloseNotifyIsReported() throws {
        let pair = try BackToBack.connected()
        let write = pair.loop.makePromise(of: Void.self)
        let written = Outcome(write)
        pair.server.channel.write(ByteBuffer(string: "lost"), promise: write)
        pair.server.socket.endInput(halfClosureAllowed: false)
        #expect(pair.server.recorder.events == [.active, .handshakeCompleted, .error(.uncleanShutdown), .inactive])
        #expect((written.error as? TLSError)?.kind == .uncleanShutdown)
    }

    private func close(_ end: BackToBack.End, _ pair: BackToBack) -> Outcome {
        let promise = pair.loop.makePromise(of: Void.self)
        let outcome = Outcome(promise)
        end.channel.close(promise: promise)
        return outcome
    }
}
