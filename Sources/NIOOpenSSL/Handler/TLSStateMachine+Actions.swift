/// What the state machine wants done, one type for each kind of event.
extension TLSStateMachine {
    enum InactiveAction: Equatable {
        /// The end was expected.
        case none
        /// The end cut something off.
        case report(TLSError)
    }

    enum EndOfInputAction: Equatable {
        /// No notification: close_notify came before, or nothing more was expected.
        case none
        /// Only this side's direction was left to end: close the channel.
        case close
        /// TLS did not end. Tell, and tell that no more input follows.
        case report(TLSError)
        /// The handshake cannot be completed any more.
        case fail(TLSError)
    }

    enum InputAction: Equatable {
        case handshake
        case decrypt
        /// Look for the peer's close_notify only.
        case decryptAndDiscard
        case ignore
    }

    enum HandshakeCompleteAction: Equatable {
        case announce
        /// Announce, then send what was written and end this direction.
        case announceAndCloseOutput
    }

    enum PeerClosedAction: Equatable {
        /// Tell that no more input follows; this side goes on.
        case announce
        /// Send close_notify, and close when it has left.
        case finish
        /// Give data in flight some time to be sent.
        case awaitOutput
        /// Close: everything has left.
        case close
        case none
    }

    enum WriteAction: Equatable {
        case queue
        case failOutputClosed
        case failClosed
    }

    enum FlushAction: Equatable {
        /// The handshake comes first; what is flushed now is sent after it.
        case hold
        case encrypt
        case ignore
    }

    enum CloseAction: Equatable {
        /// TLS has nothing to do with it: hand it on to the channel.
        case passOn
        /// Close the channel at once: there is no peer to send close_notify to.
        case closeNow
        /// Send close_notify.
        case sayGoodbye
        /// close_notify was sent before. Give the peer some time to answer.
        case awaitPeer
        /// The channel closes already: report when it has.
        case join
    }

    enum CloseOutputAction: Equatable {
        /// TLS has nothing to do with it: hand it on to the channel.
        case passOn
        /// Wait for the handshake.
        case hold
        /// Send what was written, and close_notify.
        case sayGoodbye
        /// The same, but the peer has ended its direction: the channel closes afterwards.
        case sayGoodbyeAndClose
        /// The channel closes already: report when it has.
        case join
    }

    enum OutputLeftAction: Equatable {
        case none
        /// End this direction of the TCP connection.
        case endOutput
        /// Close the channel.
        case close
    }

    enum TimeoutAction: Equatable {
        case none
        case fail(TLSError)
        case close
    }
}
