import NIOCore

// MARK: Bytes for the peer

extension OpenSSLHandler {
    /// How much ciphertext is collected before it is handed to the channel.
    private static let pieceSize = 256 * 1024

    /// What a record costs at most beyond what it carries.
    private static let recordOverhead = 64

    /// Takes a write in until the next flush.
    public func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch machine.write() {
        case .queue:
            writes.append(unwrapOutboundIn(data), promise)
        case .failOutputClosed:
            promise?.fail(ChannelError.outputClosed)
        case .failClosed:
            promise?.fail(ChannelError.ioOnClosedChannel)
        }
    }

    /// Encrypts what was written and sends it, once the handshake is complete.
    public func flush(context: ChannelHandlerContext) {
        switch machine.flush() {
        case .hold:
            writes.flush()
        case .encrypt:
            writes.flush()
            encryptFlushed(context)
            flushIfNeeded(context)
        case .ignore:
            return
        }
    }

    /// Encrypts all flushed writes and hands the ciphertext to the channel. Small ones share records.
    func encryptFlushed(_ context: ChannelHandlerContext) {
        guard let connection, let buffers, writes.hasFlushed else { return }
        var promises = JoinedPromise()
        var staged = 0
        while let write = writes.popFlushed() {
            promises.append(write.promise)
            let count = write.bytes.readableBytes
            if staged + count > EngineBuffers.recordSize, staged > 0 {
                if let error = encrypt(UnsafeRawBufferPointer(rebasing: buffers.staging[..<staged])) {
                    return abandon(promises, error, context)
                }
                staged = 0
            }
            if count < EngineBuffers.recordSize, staged > 0 || writes.hasFlushed {
                write.bytes.withUnsafeReadableBytes { bytes in
                    UnsafeMutableRawBufferPointer(rebasing: buffers.staging[staged...]).copyMemory(from: bytes)
                }
                staged += count
            } else if count > 0, let error = encrypt(write.bytes, connection, buffers, context) {
                return abandon(promises, error, context)
            }
        }
        if staged > 0, let error = encrypt(UnsafeRawBufferPointer(rebasing: buffers.staging[..<staged])) {
            return abandon(promises, error, context)
        }
        let promise = promises.promise(on: context.eventLoop)
        if let ciphertext = buffers.takeOutput() {
            needsFlush = true
            context.write(wrapOutboundOut(ciphertext), promise: promise)
        } else if let promise {
            // Only empty writes. The channel completes their promises in turn.
            needsFlush = true
            context.write(wrapOutboundOut(ByteBuffer()), promise: promise)
        }
    }

    private func encrypt(_ bytes: UnsafeRawBufferPointer) -> TLSError? {
        buffers?.reserveOutput(bytes.count + Self.recordOverhead)
        return connection?.encrypt(bytes)
    }

    /// Encrypts a write of any size, and hands ciphertext to the channel whenever enough of it has come together.
    private func encrypt(
        _ write: ByteBuffer,
        _ connection: TLSConnection,
        _ buffers: EngineBuffers,
        _ context: ChannelHandlerContext
    ) -> TLSError? {
        var write = write
        while write.readableBytes > 0 {
            let count = min(write.readableBytes, Self.pieceSize)
            let records = count / EngineBuffers.recordSize + 1
            buffers.reserveOutput(count + records * Self.recordOverhead)
            let error = write.readWithUnsafeReadableBytes { bytes in
                (count, connection.encrypt(UnsafeRawBufferPointer(rebasing: bytes[..<count])))
            }
            if let error {
                return error
            }
            if write.readableBytes > 0 || buffers.outputCount >= Self.pieceSize, let ciphertext = buffers.takeOutput() {
                needsFlush = true
                context.write(wrapOutboundOut(ciphertext), promise: nil)
                // A failing channel may have called back, and closed this connection.
                guard self.connection === connection else { return .abandoned }
            }
        }
        return nil
    }

    /// Gives up after an error: these promises fail, and all that follow.
    private func abandon(_ promises: JoinedPromise, _ error: TLSError, _ context: ChannelHandlerContext) {
        let isNews = machine.failed()
        promises.fail(error)
        if isNews {
            fail(error, context)
        }
    }

    /// Fails all writes, those included that are written because of it. An error is created only if a promise waits for
    /// it: each costs an allocation, and most connections end without.
    func discardWrites(_ reason: @autoclosure () -> any Error) {
        while let write = writes.pop() {
            write.promise?.fail(reason())
        }
    }
}

extension TLSError {
    fileprivate static let abandoned = TLSError(.engine, "the connection was closed while it was being written to")
}
