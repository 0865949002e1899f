/// Decides what a TLS connection does next. It knows no channel, no engine and no clock.
///
/// Each event is one `mutating func`, which returns what is to be done.
struct TLSStateMachine {
    enum State: UInt8 {
        /// The channel is not active yet. → handshaking, closed
        case idle
        /// → open, closed
        case handshaking
        /// → inputCut, inputClosed, outputClosed, closing, closed
        case open
        /// The peer's direction has ended without close_notify, and this side has written nothing since. → inputClosed, closing,
        /// closed
        case inputCut
        /// The peer sends nothing more; this side still may. → closing, closed
        case inputClosed
        /// This side sends nothing more; the peer still may. → closing, closed
        case outputClosed
        /// Both directions end: data in flight to the peer is sent, the peer sends close_notify, the channel closes. →
        /// closed
        case closing
        /// No step of TLS may follow.
        case closed
    }

    private(set) var state: State = .idle

    /// A `close(mode: .output)` that came before the handshake was complete.
    private var closesOutputOnceOpen = false

    /// Whether close_notify, and what was written before it, still has to leave.
    private var awaitsOutput = false

    /// While closing: whether the peer has yet to end its direction.
    private var awaitsPeer = false

    /// While closing: how much had not left when the time was last up.
    private var unsentBytes = Int.max

    /// Ciphertext of the protocol's own messages that was sent while the peer was not reading.
    private var unreadMessageBytes = 0
}

// MARK: The channel's life

extension TLSStateMachine {
    /// The channel is active. Returns whether the handshake begins now.
    mutating func channelActive() -> Bool {
        guard state == .idle else { return false }
        state = .handshaking
        return true
    }

    /// The TCP connection ended, in both directions. Returns an error if that cut something off.
    mutating func channelInactive() -> TLSError? {
        defer { state = .closed }
        switch state {
        case .idle, .inputCut, .inputClosed, .closing, .closed:
            return nil
        case .handshaking:
            return .endOfStreamInHandshake
        case .open, .outputClosed:
            return .truncated
        }
    }

    /// The peer ended its direction of the TCP connection.
    mutating func endOfInput() -> CloseAction {
        switch state {
        case .idle, .inputCut, .inputClosed, .closed:
            return .wait
        case .handshaking:
            state = .closed
            return .fail(.endOfStreamInHandshake)
        case .open:
            state = .inputCut
            return .reportEndOfInput(.truncated)
        case .outputClosed:
            state = .closed
            return .fail(.truncated)
        case .closing:
            return closeIfDone(peerIsDone: true) ? .close : .wait
        }
    }
}

// MARK: Bytes from the peer

extension TLSStateMachine {
    /// What bytes from the peer are for, as things stand.
    mutating func input() -> InputAction {
        switch state {
        case .idle, .handshaking:
            state = .handshaking
            return .handshake
        case .open, .outputClosed:
            return .decrypt
        case .closing:
            return .decryptAndDiscard
        case .inputCut, .inputClosed, .closed:
            // RFC 8446, 6.1: data after a closure alert is ignored.
            return .ignore
        }
    }

    /// The engine completed the handshake. Returns whether this direction was closed meanwhile: then that follows the
    /// announcement.
    mutating func handshakeComplete() -> Bool {
        state = .open
        return closesOutputOnceOpen
    }

    /// The peer's close_notify came.
    mutating func peerClosed(halfClosureAllowed: Bool) -> CloseAction {
        switch state {
        case .open where halfClosureAllowed:
            state = .inputClosed
            return .announceEndOfInput
        case .open:
            beginClosing(awaitingPeer: false)
            return .sendCloseNotify
        case .outputClosed:
            state = .closing
            return closeIfDone(peerIsDone: true) ? .close : .linger
        case .closing:
            return closeIfDone(peerIsDone: true) ? .close : .wait
        case .idle, .handshaking, .inputCut, .inputClosed, .closed:
            return .wait
        }
    }

    /// While closing: the peer's bytes cannot be decrypted any more, which counts as its close_notify.
    mutating func undecryptableAfterClose() -> CloseAction {
        state == .closing && closeIfDone(peerIsDone: true) ? .close : .wait
    }

    /// The engine failed, or the peer ran out of time or of patience. Returns whether that is news.
    mutating func failed() -> Bool {
        defer { state = .closed }
        return state != .closed
    }
}

// MARK: Writing

extension TLSStateMachine {
    /// How much of the protocol's own messages may wait for a peer that does not read.
    private static let unreadMessageLimit = 64 * 1024

    /// Messages of the protocol itself were sent, of so many bytes. Returns whether the connection may go on.
    ///
    /// TLS 1.3 lets a peer demand an answer (KeyUpdate) as often as it likes. One that never reads the answers would fill the
    /// memory with them.
    mutating func messagesSent(_ count: Int, peerReads: Bool) -> Bool {
        unreadMessageBytes = peerReads ? 0 : unreadMessageBytes + count
        return unreadMessageBytes <= Self.unreadMessageLimit
    }

    /// The channel's user writes.
    mutating func write() -> WriteAction {
        switch state {
        case .idle, .handshaking:
            return closesOutputOnceOpen ? .failOutputClosed : .queue
        case .open, .inputClosed:
            return .queue
        case .inputCut:
            state = .inputClosed
            return .queue
        case .outputClosed:
            return .failOutputClosed
        case .closing, .closed:
            return .failClosed
        }
    }

    /// The channel's user flushes.
    func flush() -> FlushAction {
        switch state {
        case .idle, .handshaking:
            return .hold
        case .open, .inputCut, .inputClosed:
            return .encrypt
        case .outputClosed, .closing, .closed:
            return .ignore
        }
    }
}

// MARK: Closing

extension TLSStateMachine {
    /// The channel's user closes both directions. `nil` if TLS has nothing to do with it: it is passed on to the channel.
    ///
    /// A peer that left without close_notify gets none either, if all that was sent to it has left: it has most likely closed
    /// its socket, so that another segment would only be answered by a reset.
    ///
    /// - Parameter unsent: How many bytes the channel has not sent yet, if that is known.
    mutating func closeAll(unsent: @autoclosure () -> Int? = nil) -> CloseAction? {
        switch state {
        case .idle, .handshaking:
            state = .closed
            // There is no peer to send close_notify to.
            return .close
        case .open:
            beginClosing(awaitingPeer: true)
            return .sendCloseNotify
        case .outputClosed:
            state = .closing
            awaitsPeer = true
            return .linger
        case .inputCut where unsent() == 0:
            state = .closed
            return .close
        case .inputCut, .inputClosed:
            beginClosing(awaitingPeer: false)
            return .sendCloseNotify
        case .closing:
            return .wait
        case .closed:
            return nil
        }
    }

    /// The channel's user closes its own direction, which closes both if the peer has ended the other one. `nil` if TLS has
    /// nothing to do with it: it is passed on to the channel.
    mutating func closeOutput() -> CloseAction? {
        switch state {
        case .idle, .closed, .outputClosed:
            return nil
        case .handshaking:
            guard !closesOutputOnceOpen else { return nil }
            closesOutputOnceOpen = true
            return .wait
        case .open:
            state = .outputClosed
            awaitsOutput = true
            return .sendCloseNotify
        case .inputCut, .inputClosed:
            beginClosing(awaitingPeer: false)
            return .sendCloseNotify
        case .closing:
            return .wait
        }
    }

    /// close_notify has left for the peer, and all that was written before it.
    mutating func outputLeft() -> CloseAction {
        awaitsOutput = false
        switch state {
        case .outputClosed:
            return .endOutput
        case .closing:
            return closeIfDone(peerIsDone: !awaitsPeer) ? .close : .endOutput
        case .idle, .handshaking, .open, .inputCut, .inputClosed, .closed:
            return .wait
        }
    }

    /// The peer gets an answer without TLS, which is the last that is sent.
    mutating func answersInPlainText() {
        beginClosing(awaitingPeer: true)
    }

    private mutating func beginClosing(awaitingPeer: Bool) {
        state = .closing
        awaitsOutput = true
        awaitsPeer = awaitingPeer
    }

    private mutating func closeIfDone(peerIsDone: Bool) -> Bool {
        awaitsPeer = !peerIsDone
        guard !awaitsPeer, !awaitsOutput else { return false }
        state = .closed
        return true
    }
}

// MARK: Time

extension TLSStateMachine {
    /// The time for the handshake or for closing is up.
    ///
    /// - Parameter unsent: How many bytes the channel has not sent yet, if that is known. A slow peer is no dead one.
    mutating func timeout(unsent: Int?) -> CloseAction {
        switch state {
        case .handshaking:
            state = .closed
            return .fail(.handshakeTimedOut)
        case .closing:
            if let unsent, unsent > 0, unsent < unsentBytes {
                unsentBytes = unsent
                return .linger
            }
            state = .closed
            return .close
        case .idle, .open, .inputCut, .inputClosed, .outputClosed, .closed:
            return .wait
        }
    }
}
