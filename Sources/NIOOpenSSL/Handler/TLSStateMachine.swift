/// Decides what a TLS connection does next. It knows no channel, no engine and no clock.
///
/// Each event is one `mutating func`, which returns what is to be done.
struct TLSStateMachine {
    enum State: UInt8 {
        /// The channel is not active yet. → handshaking, closed
        case idle
        /// → open, closed
        case handshaking
        /// → inputClosed, outputClosed, closing, closed
        case open
        /// The peer sends nothing more; this side still may. → closed
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
}

// MARK: The channel's life

extension TLSStateMachine {
    /// The channel is active. Returns whether the handshake begins now.
    mutating func channelActive() -> Bool {
        guard state == .idle else { return false }
        state = .handshaking
        return true
    }

    /// The TCP connection ended, in both directions.
    mutating func channelInactive() -> InactiveAction {
        defer { state = .closed }
        switch state {
        case .idle, .inputClosed, .closing, .closed:
            return .none
        case .handshaking:
            return .report(.endOfStreamInHandshake)
        case .open, .outputClosed:
            return .report(.truncated)
        }
    }

    /// The peer ended its direction of the TCP connection.
    mutating func endOfInput() -> EndOfInputAction {
        switch state {
        case .idle, .inputClosed, .closed:
            return .none
        case .handshaking:
            state = .closed
            return .fail(.endOfStreamInHandshake)
        case .open:
            state = .inputClosed
            return .report(.truncated)
        case .outputClosed:
            state = .closed
            return .fail(.truncated)
        case .closing:
            return closeIfDone(peerIsDone: true) ? .close : .none
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
        case .inputClosed, .closed:
            // RFC 8446, 6.1: data after a closure alert is ignored.
            return .ignore
        }
    }

    /// The engine completed the handshake.
    mutating func handshakeComplete() -> HandshakeCompleteAction {
        state = .open
        return closesOutputOnceOpen ? .announceAndCloseOutput : .announce
    }

    /// The peer's close_notify came.
    mutating func peerClosed(halfClosureAllowed: Bool) -> PeerClosedAction {
        switch state {
        case .open where halfClosureAllowed:
            state = .inputClosed
            return .announce
        case .open:
            beginClosing(awaitingPeer: false)
            return .finish
        case .outputClosed:
            state = .closing
            return closeIfDone(peerIsDone: true) ? .close : .awaitOutput
        case .closing:
            return closeIfDone(peerIsDone: true) ? .close : .none
        case .idle, .handshaking, .inputClosed, .closed:
            return .none
        }
    }

    /// While closing: the peer's bytes cannot be decrypted any more, which counts as its close_notify. Returns whether
    /// to close.
    mutating func peerIsGibberish() -> Bool {
        state == .closing && closeIfDone(peerIsDone: true)
    }

    /// The engine failed, or the peer ran out of time or of patience. Returns whether that is news.
    mutating func failed() -> Bool {
        defer { state = .closed }
        return state != .closed
    }
}

// MARK: Writing

extension TLSStateMachine {
    /// The channel's user writes.
    func write() -> WriteAction {
        switch state {
        case .idle, .handshaking:
            return closesOutputOnceOpen ? .failOutputClosed : .queue
        case .open, .inputClosed:
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
        case .open, .inputClosed:
            return .encrypt
        case .outputClosed, .closing, .closed:
            return .ignore
        }
    }
}

// MARK: Closing

extension TLSStateMachine {
    /// The channel's user closes both directions.
    mutating func closeAll() -> CloseAction {
        switch state {
        case .idle, .handshaking:
            state = .closed
            return .closeNow
        case .open:
            beginClosing(awaitingPeer: true)
            return .sayGoodbye
        case .outputClosed:
            state = .closing
            awaitsPeer = true
            return .awaitPeer
        case .inputClosed:
            beginClosing(awaitingPeer: false)
            return .sayGoodbye
        case .closing:
            return .join
        case .closed:
            return .passOn
        }
    }

    /// The channel's user closes its own direction.
    mutating func closeOutput() -> CloseOutputAction {
        switch state {
        case .idle, .closed, .outputClosed:
            return .passOn
        case .handshaking:
            guard !closesOutputOnceOpen else { return .passOn }
            closesOutputOnceOpen = true
            return .hold
        case .open:
            state = .outputClosed
            awaitsOutput = true
            return .sayGoodbye
        case .inputClosed:
            beginClosing(awaitingPeer: false)
            return .sayGoodbyeAndClose
        case .closing:
            return .join
        }
    }

    /// close_notify has left for the peer, and all that was written before it.
    mutating func outputLeft() -> OutputLeftAction {
        awaitsOutput = false
        switch state {
        case .outputClosed:
            return .endOutput
        case .closing:
            return closeIfDone(peerIsDone: !awaitsPeer) ? .close : .endOutput
        case .idle, .handshaking, .open, .inputClosed, .closed:
            return .none
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
    mutating func timeout() -> TimeoutAction {
        switch state {
        case .handshaking:
            state = .closed
            return .fail(.handshakeTimedOut)
        case .closing:
            state = .closed
            return .close
        case .idle, .open, .inputClosed, .outputClosed, .closed:
            return .none
        }
    }
}
