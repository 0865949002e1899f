import NIOCore

// MARK: Bytes from the peer

extension OpenSSLHandler {
    /// How much of the protocol's own messages may wait for a peer that does not read.
    private static let unreadMessageLimit = 64 * 1024

    /// Decrypts what came and hands it on.
    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        process(unwrapInboundIn(data), context)
    }

    /// Sends what reading has produced, in one piece with what the next handlers flush.
    public func channelReadComplete(context: ChannelHandlerContext) {
        if deliveredPlaintext {
            deliveredPlaintext = false
            context.fireChannelReadComplete()
            flushIfNeeded(context)
        } else {
            flushIfNeeded(context)
            // The one who asked for data has got none yet, and does not know that it has to ask again.
            context.read()
        }
    }

    /// Tells apart an end of the peer's direction that TLS announced from one that it did not.
    public func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed = event else {
            if case ChannelEvent.outputClosed = event, machine.state == .closing {
                // A step of closing both directions, which is all that was asked for.
                return
            }
            context.fireUserInboundEventTriggered(event)
            return
        }
        switch machine.endOfInput() {
        case .none:
            return
        case .close:
            closeChannel(context)
        case .fail(let error):
            fail(error, context)
        case .report(let error):
            context.fireErrorCaught(error)
            context.fireUserInboundEventTriggered(event)
        }
    }

    /// Works through `bytes`, step by step: what is handed on may close the channel, write, or remove this handler.
    func process(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        guard !isReading else {
            // A handler that was called from here made the channel read. The order of the bytes is the order of the calls.
            var bytes = bytes
            unread.setOrWriteBuffer(&bytes)
            return
        }
        isReading = true
        var bytes = bytes
        while step(&bytes, context) {}
        isReading = false
    }

    /// Does one step and returns whether another one is to follow.
    private func step(_ bytes: inout ByteBuffer, _ context: ChannelHandlerContext) -> Bool {
        if var more = unread {
            unread = nil
            bytes.writeBuffer(&more)
        }
        switch machine.input() {
        case .ignore:
            return false
        case .handshake:
            return handshake(&bytes, context)
        case .decrypt:
            return decrypt(&bytes, context, isRead: true)
        case .decryptAndDiscard:
            return decrypt(&bytes, context, isRead: false)
        }
    }

    private func handshake(_ bytes: inout ByteBuffer, _ context: ChannelHandlerContext) -> Bool {
        if connection == nil, tlsContext.role == .server, !Self.mayBeTLS(bytes) {
            sentNoTLS = true
            if let answer = observer?.answer(toPlainText: bytes) {
                bytes.moveReaderIndex(to: bytes.writerIndex)
                self.answer(inPlainText: answer, context)
                return false
            }
        }
        guard let connection = engine(context) else { return false }
        let outcome = connection.handshake(&bytes)
        guard sendMessages(context) else { return false }
        switch outcome {
        case .needsInput:
            return false
        case .failed(let error):
            if machine.failed() {
                fail(error, context)
            }
            return false
        case .complete:
            stopTimer()
            let action = machine.handshakeComplete()
            if tlsContext.answersChallenges, connection.isOfChallenge {
                endChallenge(context)
                return bytes.readableBytes > 0 || connection.hasPendingInput
            }
            announce(connection.negotiated(), context)
            if case .announceAndCloseOutput = action, case .sayGoodbye = machine.closeOutput() {
                sayGoodbye(context)
            } else {
                encryptFlushed(context)
            }
            return bytes.readableBytes > 0 || connection.hasPendingInput
        }
    }

    /// Whether a client's first byte is that of a TLS record with a message of the handshake (RFC 8446, 5.1).
    private static func mayBeTLS(_ bytes: ByteBuffer) -> Bool {
        bytes.getInteger(at: bytes.readerIndex, as: UInt8.self) == 22
    }

    /// Ends the connection of a challenge, on which no data follows (RFC 8737, 3). Whoever serves connections does not
    /// get to see it: its client has not had to show a certificate.
    private func endChallenge(_ context: ChannelHandlerContext) {
        let observer = observer
        self.observer = nil
        observer?.handshakeEnded(.challenge)
        discardWrites(ChannelError.ioOnClosedChannel)
        close(context: context, mode: .all, promise: nil)
    }

    private func announce(_ handshake: TLSHandshakeCompleted, _ context: ChannelHandlerContext) {
        guard let observer else { return context.fireUserInboundEventTriggered(handshake) }
        self.observer = nil
        observer.handshakeCompleted(handshake, on: context.channel)
    }

    /// Decrypts what has arrived, and passes it on if the channel's user still reads.
    private func decrypt(_ bytes: inout ByteBuffer, _ context: ChannelHandlerContext, isRead: Bool) -> Bool {
        guard let connection, let buffers else { return false }
        let outcome = connection.decrypt(&bytes)
        guard sendMessages(context) else { return false }
        if isRead, buffers.plaintext.readableBytes > 0 {
            deliveredPlaintext = true
            context.fireChannelRead(wrapInboundOut(buffers.plaintext))
        }
        switch outcome {
        case .needsInput:
            return unread != nil
        case .full:
            return true
        case .peerClosed:
            peerClosed(context)
            return false
        case .failed where !isRead:
            // Undecryptable data after close_notify is ignored.
            if machine.peerIsGibberish() {
                closeChannel(context)
            }
            return false
        case .failed(let error):
            if machine.failed() {
                fail(error, context)
            }
            return false
        }
    }

    private func peerClosed(_ context: ChannelHandlerContext) {
        if deliveredPlaintext {
            // Handlers that answer in `channelReadComplete` get to answer.
            deliveredPlaintext = false
            context.fireChannelReadComplete()
        }
        let halfClosure = try? context.channel.syncOptions?.getOption(ChannelOptions.allowRemoteHalfClosure)
        switch machine.peerClosed(halfClosureAllowed: halfClosure ?? false) {
        case .none:
            return
        case .announce:
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        case .finish:
            sayGoodbye(context)
        case .awaitOutput:
            awaitEnd(context)
        case .close:
            closeChannel(context)
        }
    }

    /// The engine, made when it is needed first.
    private func engine(_ context: ChannelHandlerContext) -> TLSConnection? {
        if let connection {
            return connection
        }
        guard let buffers else { return nil }
        do {
            let new = try TLSConnection(context: tlsContext, buffers: buffers)
            if let serverName {
                try new.setServerName(serverName)
            }
            connection = new
            return new
        } catch {
            if machine.failed() {
                fail(error, context)
            }
            return nil
        }
    }

    // MARK: Messages of the protocol itself

    /// Hands the handshake's and other messages of the protocol to the channel. They are flushed with what follows.
    ///
    /// Returns whether the connection may go on.
    private func sendMessages(_ context: ChannelHandlerContext) -> Bool {
        guard let ciphertext = buffers?.takeOutput() else { return true }
        if context.channel.isWritable {
            unreadMessageBytes = 0
        } else {
            unreadMessageBytes += ciphertext.readableBytes
        }
        needsFlush = true
        context.write(wrapOutboundOut(ciphertext), promise: nil)
        // TLS 1.3 lets a peer demand an answer (KeyUpdate) as often as it likes. One that never reads the answers would
        // fill the memory with them.
        guard unreadMessageBytes <= Self.unreadMessageLimit else {
            if machine.failed() {
                fail(.peerDoesNotRead, context)
            }
            return false
        }
        return true
    }

    func flushIfNeeded(_ context: ChannelHandlerContext) {
        if needsFlush {
            needsFlush = false
            context.flush()
        }
    }
}
