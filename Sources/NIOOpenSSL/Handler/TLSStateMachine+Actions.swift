/// What the state machine wants done, one type for each kind of event.
extension TLSStateMachine {
    enum InputAction: Equatable {
        case handshake
        case decrypt
        /// Look for the peer's close_notify only.
        case decryptAndDiscard
        case ignore
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

    /// What brings the connection, or one direction of it, closer to its end.
    enum CloseAction: Equatable {
        /// Nothing: something else has to happen before, or nothing remains to be done.
        case wait
        /// TLS announced that no more input follows. Pass it on; this side goes on.
        case announceEndOfInput
        /// TLS did not announce that no more input follows. Report it, and pass it on.
        case reportEndOfInput(TLSError)
        /// Send what was flushed, and close_notify.
        case sendCloseNotify
        /// Give data in flight, and the peer, some time.
        case linger
        /// End this direction of the TCP connection.
        case endOutput
        /// Close the channel.
        case close
        /// The connection failed. The machine is closed already.
        case fail(TLSError)
    }
}
