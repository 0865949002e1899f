import NIOCore

/// Writes in the order in which they came, how many of them are flushed, and how they become ciphertext: small ones share
/// records, large ones leave in pieces.
struct PendingWrites {
    private struct Write {
        var bytes: ByteBuffer
        let promise: EventLoopPromise<Void>?
    }

    /// Ciphertext for the channel, and the promises of the writes that end in it.
    struct Piece {
        let ciphertext: ByteBuffer
        let promises: JoinedPromise
    }

    /// Writes cannot be encrypted. The promises are those of the ones that are lost.
    struct EncryptionError: Error {
        let reason: TLSError
        let promises: JoinedPromise

        init(_ reason: TLSError, _ promises: JoinedPromise) {
            self.reason = reason
            self.promises = promises
        }
    }

    /// How much ciphertext is collected before it is handed to the channel.
    private static let pieceSize = 256 * 1024

    private var writes = MarkedCircularBuffer<Write>(initialCapacity: 1)

    mutating func append(_ bytes: ByteBuffer, _ promise: EventLoopPromise<Void>?) {
        writes.append(Write(bytes: bytes, promise: promise))
    }

    /// Everything written so far may be sent.
    mutating func flush() {
        writes.mark()
    }

    /// Encrypts flushed writes, as many as make a piece; `nil` if there is nothing left to send.
    ///
    /// Handing a piece to the channel may call back: a channel that is full tells its handlers, and one that fails closes. What
    /// has not been encrypted by then is still here, so that bytes keep their order, and none is lost.
    mutating func encryptPiece(with connection: TLSConnection) throws(EncryptionError) -> Piece? {
        guard writes.hasMark else { return nil }
        let buffers = connection.buffers
        var promises = JoinedPromise()
        var staged = 0
        while buffers.outputCount < Self.pieceSize, let count = nextFlushed {
            if staged + count > EngineBuffers.recordSize, staged > 0 {
                if let error = connection.encryptStaged(staged) {
                    throw EncryptionError(error, promises)
                }
                staged = 0
                continue
            }
            if count > Self.pieceSize {
                if let error = encryptPart(with: connection) {
                    throw EncryptionError(error, promises)
                }
                break
            }
            let write = writes.removeFirst()
            promises.append(write.promise)
            if count < EngineBuffers.recordSize, staged > 0 || writes.hasMark {
                write.bytes.withUnsafeReadableBytes { buffers.stage($0, at: staged) }
                staged += count
            } else if count > 0, let error = write.bytes.withUnsafeReadableBytes({ connection.encrypt($0) }) {
                throw EncryptionError(error, promises)
            }
        }
        if staged > 0, let error = connection.encryptStaged(staged) {
            throw EncryptionError(error, promises)
        }
        if let ciphertext = buffers.takeOutput() { return Piece(ciphertext: ciphertext, promises: promises) }
        // Only empty writes. The channel completes their promises in turn.
        return promises.isEmpty ? nil : Piece(ciphertext: ByteBuffer(), promises: promises)
    }

    /// The size of the next write that may be sent, or of what is left of it.
    private var nextFlushed: Int? {
        writes.hasMark ? writes.first?.bytes.readableBytes : nil
    }

    /// Encrypts the first part of a write that is larger than a piece.
    private mutating func encryptPart(with connection: TLSConnection) -> TLSError? {
        writes[writes.startIndex].bytes.readWithUnsafeReadableBytes { bytes in
            (Self.pieceSize, connection.encrypt(UnsafeRawBufferPointer(rebasing: bytes[..<Self.pieceSize])))
        }
    }

    /// Drops writes, flushed or not, up to one that somebody waits for. Returns its promise, or `nil` once there are none left.
    mutating func drop() -> EventLoopPromise<Void>? {
        while let write = writes.popFirst() {
            if let promise = write.promise { return promise }
        }
        return nil
    }
}

/// The promises of writes that leave in one piece. They are kept in order, and completed in it.
struct JoinedPromise {
    private var first: EventLoopPromise<Void>?
    private var others: [EventLoopPromise<Void>] = []

    var isEmpty: Bool {
        first == nil
    }

    mutating func append(_ promise: EventLoopPromise<Void>?) {
        guard let promise else { return }
        if first == nil {
            first = promise
        } else {
            others.append(promise)
        }
    }

    /// One promise for all of them, or `nil` if there is none. The usual case, a single one, costs nothing.
    func promise(on eventLoop: any EventLoop) -> EventLoopPromise<Void>? {
        guard let first, !others.isEmpty else { return first }
        let all = [first] + others
        let joined = eventLoop.makePromise(of: Void.self)
        joined.futureResult.whenComplete { result in
            for promise in all {
                promise.completeWith(result)
            }
        }
        return joined
    }

    /// Fails them all.
    func fail(_ error: any Error) {
        first?.fail(error)
        for promise in others {
            promise.fail(error)
        }
    }
}
