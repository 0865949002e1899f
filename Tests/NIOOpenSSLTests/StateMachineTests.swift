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
        #expect(machine.handshakeComplete() == false)
        #expect(machine.write() == .queue)
        #expect(machine.flush() == .encrypt)
    }

    @Test("closes its output after the handshake if it was told so during it")
    func closesItsOutputAfterTheHandshakeIfItWasToldSoDuringIt() {
        var machine = handshaking()
        #expect(machine.closeOutput() == .wait)
        #expect(machine.write() == .failOutputClosed)
        #expect(machine.closeOutput() == nil)
        #expect(machine.handshakeComplete() == true)
        #expect(machine.closeOutput() == .sendCloseNotify)
    }

    @Test("an end during the handshake is a failure")
    func anEndDuringTheHandshakeIsAFailure() {
        var machine = handshaking()
        #expect(machine.channelInactive() == .endOfStreamInHandshake)
        #expect(machine.state == .closed)
        machine = handshaking()
        #expect(machine.endOfInput() == .fail(.endOfStreamInHandshake))
        #expect(machine.input() == .ignore)
    }

    @Test("an end without close_notify is reported once")
    func anEndWithoutCloseNotifyIsReportedOnce() {
        var machine = open()
        #expect(machine.endOfInput() == .reportEndOfInput(.truncated))
        #expect(machine.endOfInput() == .wait)
        #expect(machine.channelInactive() == nil)
    }

    @Test("a peer that left without close_notify gets none, unless something was or is still sent to it")
    func aPeerThatLeftWithoutCloseNotifyGetsNoneUnlessSomethingWasOrIsStillSentToIt() {
        var machine = open()
        _ = machine.endOfInput()
        #expect(machine.flush() == .encrypt)
        #expect(machine.input() == .ignore)
        #expect(machine.closeAll(unsent: 0) == .close)
        #expect(machine.state == .closed)
        #expect(machine.write() == .failClosed)

        for unsent in [1, nil] {
            machine = open()
            _ = machine.endOfInput()
            #expect(machine.closeAll(unsent: unsent) == .sendCloseNotify)
            #expect(machine.outputLeft() == .close)
        }

        machine = open()
        _ = machine.endOfInput()
        #expect(machine.write() == .queue)
        #expect(machine.closeAll(unsent: 0) == .sendCloseNotify)

        machine = open()
        _ = machine.endOfInput()
        #expect(machine.closeOutput() == .sendCloseNotify)
        #expect(machine.outputLeft() == .close)
    }

    @Test("closing waits for its output and for the peer")
    func closingWaitsForItsOutputAndForThePeer() {
        var machine = open()
        #expect(machine.closeAll() == .sendCloseNotify)
        #expect(machine.input() == .decryptAndDiscard)
        #expect(machine.outputLeft() == .endOutput)
        #expect(machine.peerClosed(halfClosureAllowed: false) == .close)
        #expect(machine.state == .closed)

        machine = open()
        #expect(machine.closeAll() == .sendCloseNotify)
        #expect(machine.peerClosed(halfClosureAllowed: false) == .wait)
        #expect(machine.outputLeft() == .close)
        #expect(machine.state == .closed)

        machine = open()
        #expect(machine.closeAll() == .sendCloseNotify)
        #expect(machine.endOfInput() == .wait)
        #expect(machine.outputLeft() == .close)
    }

    @Test("the peers close_notify is answered unless half closure is allowed")
    func thePeersCloseNotifyIsAnsweredUnlessHalfClosureIsAllowed() {
        var machine = open()
        #expect(machine.peerClosed(halfClosureAllowed: false) == .sendCloseNotify)
        #expect(machine.write() == .failClosed)
        #expect(machine.flush() == .ignore)
        #expect(machine.outputLeft() == .close)

        machine = open()
        #expect(machine.peerClosed(halfClosureAllowed: true) == .announceEndOfInput)
        #expect(machine.write() == .queue)
        #expect(machine.flush() == .encrypt)
        #expect(machine.input() == .ignore)
        #expect(machine.closeAll() == .sendCloseNotify)
        #expect(machine.outputLeft() == .close)
    }

    @Test("both directions in turn are a full close")
    func bothDirectionsInTurnAreAFullClose() {
        var machine = open()
        #expect(machine.closeOutput() == .sendCloseNotify)
        #expect(machine.write() == .failOutputClosed)
        #expect(machine.flush() == .ignore)
        #expect(machine.input() == .decrypt)
        #expect(machine.outputLeft() == .endOutput)
        #expect(machine.peerClosed(halfClosureAllowed: true) == .close)

        machine = open()
        #expect(machine.closeOutput() == .sendCloseNotify)
        #expect(machine.peerClosed(halfClosureAllowed: true) == .linger)
        #expect(machine.outputLeft() == .close)

        machine = open()
        #expect(machine.peerClosed(halfClosureAllowed: true) == .announceEndOfInput)
        #expect(machine.closeOutput() == .sendCloseNotify)
        #expect(machine.state == .closing)
        #expect(machine.outputLeft() == .close)
    }

    @Test("repeated closes join the first")
    func repeatedClosesJoinTheFirst() {
        var machine = open()
        #expect(machine.closeAll() == .sendCloseNotify)
        #expect(machine.closeAll() == .wait)
        #expect(machine.closeOutput() == .wait)
        _ = machine.outputLeft()
        _ = machine.peerClosed(halfClosureAllowed: false)
        #expect(machine.closeAll() == nil)
        #expect(machine.closeOutput() == nil)
    }

    @Test("closing both after the output waits for the peer")
    func closingBothAfterTheOutputWaitsForThePeer() {
        var machine = open()
        #expect(machine.closeOutput() == .sendCloseNotify)
        #expect(machine.closeAll() == .linger)
        #expect(machine.outputLeft() == .endOutput)
        #expect(machine.undecryptableAfterClose() == .close)
        #expect(machine.undecryptableAfterClose() == .wait)
    }

    @Test("closing before the handshake is immediate")
    func closingBeforeTheHandshakeIsImmediate() {
        var machine = TLSStateMachine()
        #expect(machine.closeAll() == .close)
        machine = handshaking()
        #expect(machine.closeAll() == .close)
        #expect(machine.timeout(unsent: 0) == .wait)
        #expect(machine.channelInactive() == nil)
    }

    @Test("time ends handshakes and closes only")
    func timeEndsHandshakesAndClosesOnly() {
        var machine = handshaking()
        #expect(machine.timeout(unsent: 0) == .fail(.handshakeTimedOut))
        #expect(machine.timeout(unsent: 0) == .wait)
        machine = open()
        #expect(machine.timeout(unsent: 0) == .wait)
        #expect(machine.closeAll() == .sendCloseNotify)
        #expect(machine.timeout(unsent: 0) == .close)
        #expect(machine.outputLeft() == .wait)
    }

    @Test("a close lingers while bytes leave")
    func aCloseLingersWhileBytesLeave() {
        var machine = open()
        #expect(machine.timeout(unsent: 10) == .wait)
        _ = machine.closeAll()
        // The first time, there is nothing to compare with.
        #expect(machine.timeout(unsent: 10) == .linger)
        #expect(machine.timeout(unsent: 9) == .linger)
        #expect(machine.timeout(unsent: 9) == .close)

        for unsent in [0, nil] {
            machine = open()
            _ = machine.closeAll()
            #expect(machine.timeout(unsent: unsent) == .close)
        }
    }

    @Test("messages to a peer that does not read are limited")
    func messagesToAPeerThatDoesNotReadAreLimited() {
        var machine = open()
        #expect(machine.messagesSent(100_000, peerReads: true) == true)
        #expect(machine.messagesSent(65_536, peerReads: false) == true)
        #expect(machine.messagesSent(1, peerReads: false) == false)
        #expect(machine.messagesSent(1, peerReads: true) == true)
        #expect(machine.messagesSent(65_536, peerReads: false) == true)
    }

    @Test("a failure is news once")
    func aFailureIsNewsOnce() {
        var machine = open()
        #expect(machine.failed() == true)
        #expect(machine.failed() == false)
        #expect(machine.write() == .failClosed)
        #expect(machine.channelInactive() == nil)
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
