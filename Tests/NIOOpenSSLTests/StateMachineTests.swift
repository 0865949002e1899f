import Testing

@testable import NIOOpenSSL

/// The decisions alone: no channel, no engine, no clock.
@Suite("The state machine")
struct StateMachineTests {
    @Test("begins once and accepts bytes that come early")
    func beginsOnceAndAcceptsBytesThatComeEarly() {
        var machine = TLSStateMachine()
        #expect(machine.channelActive() == true)
        #expect(machine.channelActive() == false)
        #expect(machine.input() == .handshake)
        var early = TLSStateMachine()
        #expect(early.input() == .handshake)
        #expect(early.channelActive() == false)
    }

    @Test("holds writes until the handshake is complete")
    func holdsWritesUntilTheHandshakeIsComplete() {
        var machine = handshaking()
        #expect(machine.write() == .queue)
        #expect(machine.flush() == .hold)
        #expect(machine.handshakeComplete() == .announce)
        #expect(machine.write() == .queue)
        #expect(machine.flush() == .encrypt)
    }

    @Test("closes its output after the handshake if it was told so during it")
    func closesItsOutputAfterTheHandshakeIfItWasToldSoDuringIt() {
        var machine = handshaking()
        #expect(machine.closeOutput() == .hold)
        #expect(machine.write() == .failOutputClosed)
        #expect(machine.closeOutput() == .passOn)
        #expect(machine.handshakeComplete() == .announceAndCloseOutput)
        #expect(machine.closeOutput() == .sayGoodbye)
    }

    @Test("an end during the handshake is a failure")
    func anEndDuringTheHandshakeIsAFailure() {
        var machine = handshaking()
        #expect(machine.channelInactive() == .report(.endOfStreamInHandshake))
        #expect(machine.state == .closed)
        machine = handshaking()
        #expect(machine.endOfInput() == .fail(.endOfStreamInHandshake))
        #expect(machine.input() == .ignore)
    }

    @Test("an end without goodbye is reported once")
    func anEndWithoutGoodbyeIsReportedOnce() {
        var machine = open()
        #expect(machine.endOfInput() == .report(.truncated))
        #expect(machine.endOfInput() == .none)
        #expect(machine.channelInactive() == .none)
    }

    @Test("closing waits for its output and for the peer")
    func closingWaitsForItsOutputAndForThePeer() {
        var machine = open()
        #expect(machine.closeAll() == .sayGoodbye)
        #expect(machine.input() == .decryptAndDiscard)
        #expect(machine.outputLeft() == .endOutput)
        #expect(machine.peerClosed(halfClosureAllowed: false) == .close)
        #expect(machine.state == .closed)

        machine = open()
        #expect(machine.closeAll() == .sayGoodbye)
        #expect(machine.peerClosed(halfClosureAllowed: false) == .none)
        #expect(machine.outputLeft() == .close)
        #expect(machine.state == .closed)

        machine = open()
        #expect(machine.closeAll() == .sayGoodbye)
        #expect(machine.endOfInput() == .none)
        #expect(machine.outputLeft() == .close)
    }

    @Test("the peers goodbye is answered unless half closure is allowed")
    func thePeersGoodbyeIsAnsweredUnlessHalfClosureIsAllowed() {
        var machine = open()
        #expect(machine.peerClosed(halfClosureAllowed: false) == .finish)
        #expect(machine.write() == .failClosed)
        #expect(machine.flush() == .ignore)
        #expect(machine.outputLeft() == .close)

        machine = open()
        #expect(machine.peerClosed(halfClosureAllowed: true) == .announce)
        #expect(machine.write() == .queue)
        #expect(machine.flush() == .encrypt)
        #expect(machine.input() == .ignore)
        #expect(machine.closeAll() == .sayGoodbye)
        #expect(machine.outputLeft() == .close)
    }

    @Test("both directions in turn are a full close")
    func bothDirectionsInTurnAreAFullClose() {
        var machine = open()
        #expect(machine.closeOutput() == .sayGoodbye)
        #expect(machine.write() == .failOutputClosed)
        #expect(machine.flush() == .ignore)
        #expect(machine.input() == .decrypt)
        #expect(machine.outputLeft() == .endOutput)
        #expect(machine.peerClosed(halfClosureAllowed: true) == .close)

        machine = open()
        #expect(machine.closeOutput() == .sayGoodbye)
        #expect(machine.peerClosed(halfClosureAllowed: true) == .awaitOutput)
        #expect(machine.outputLeft() == .close)

        machine = open()
        #expect(machine.peerClosed(halfClosureAllowed: true) == .announce)
        #expect(machine.closeOutput() == .sayGoodbyeAndClose)
        #expect(machine.outputLeft() == .close)
    }

    @Test("repeated closes join the first")
    func repeatedClosesJoinTheFirst() {
        var machine = open()
        #expect(machine.closeAll() == .sayGoodbye)
        #expect(machine.closeAll() == .join)
        #expect(machine.closeOutput() == .join)
        _ = machine.outputLeft()
        _ = machine.peerClosed(halfClosureAllowed: false)
        #expect(machine.closeAll() == .passOn)
        #expect(machine.closeOutput() == .passOn)
    }

    @Test("closing both after the output waits for the peer")
    func closingBothAfterTheOutputWaitsForThePeer() {
        var machine = open()
        #expect(machine.closeOutput() == .sayGoodbye)
        #expect(machine.closeAll() == .awaitPeer)
        #expect(machine.outputLeft() == .endOutput)
        #expect(machine.peerIsGibberish() == true)
        #expect(machine.peerIsGibberish() == false)
    }

    @Test("closing before the handshake is immediate")
    func closingBeforeTheHandshakeIsImmediate() {
        var machine = TLSStateMachine()
        #expect(machine.closeAll() == .closeNow)
        machine = handshaking()
        #expect(machine.closeAll() == .closeNow)
        #expect(machine.timeout() == .none)
        #expect(machine.channelInactive() == .none)
    }

    @Test("time ends handshakes and closes only")
    func timeEndsHandshakesAndClosesOnly() {
        var machine = handshaking()
        #expect(machine.timeout() == .fail(.handshakeTimedOut))
        #expect(machine.timeout() == .none)
        machine = open()
        #expect(machine.timeout() == .none)
        #expect(machine.closeAll() == .sayGoodbye)
        #expect(machine.timeout() == .close)
        #expect(machine.outputLeft() == .none)
    }

    @Test("a failure is news once")
    func aFailureIsNewsOnce() {
        var machine = open()
        #expect(machine.failed() == true)
        #expect(machine.failed() == false)
        #expect(machine.write() == .failClosed)
        #expect(machine.channelInactive() == .none)
    }

    private func handshaking() -> TLSStateMachine {
        var machine = TLSStateMachine()
        _ = machine.channelActive()
        return machine
    }

    private func open() -> TLSStateMachine {
        var machine = handshaking()
        _ = machine.handshakeComplete()
        return machine
    }
}
