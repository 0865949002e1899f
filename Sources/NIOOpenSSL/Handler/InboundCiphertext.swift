import NIOCore

/// What arrives from the peer on its way through the engine: in order, even if a handler makes the channel read while it is
/// called with what was read before. It knows as well whether that came to anything, so that reading goes on in either case.
struct InboundCiphertext {
    /// Bytes that came while earlier ones were being worked on, or that more is awaited with.
    private var unread: ByteBuffer?
    private var isReading = false
    private var hasDelivered = false

    /// Whether bytes wait to be worked on. They are not to be left when what is being worked on ends.
    var hasUnread: Bool {
        unread != nil
    }

    /// Takes in what arrived. Returns whether it may be worked on now; otherwise it waits for what is being worked on.
    mutating func begin(_ bytes: ByteBuffer) -> Bool {
        guard isReading else {
            isReading = true
            return true
        }
        hold(bytes)
        return false
    }

    /// Keeps what arrived together with what came before, to be worked on later.
    mutating func hold(_ bytes: ByteBuffer) {
        var bytes = bytes
        unread.setOrWriteBuffer(&bytes)
    }

    /// Adds what came meanwhile to what is being worked on.
    mutating func moveUnread(to bytes: inout ByteBuffer) {
        guard var more = unread else { return }
        unread = nil
        if bytes.readableBytes == 0 { bytes = more } else { bytes.writeBuffer(&more) }
    }

    /// What was taken in has been worked on.
    mutating func end() {
        isReading = false
    }

    // MARK: Plaintext

    /// Plaintext is handed on.
    mutating func delivers() {
        hasDelivered = true
    }

    /// Whether plaintext was handed on since this was last asked: then the reader decides whether more is read. One that got
    /// none does not know that it has to ask again.
    mutating func takeDelivered() -> Bool {
        defer { hasDelivered = false }
        return hasDelivered
    }
}
