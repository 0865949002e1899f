import NIOCore
import NIOPosix

/// What the engine reads from and writes to during one call, shared by all connections of an event loop's thread.
///
/// A call into the engine neither nests nor suspends, so no connection needs buffers of its own: an idle connection costs
/// what OpenSSL keeps for it and nothing more. Between calls `input` is empty and `output` was taken.
///
/// One thread uses them, and no operation on one of them calls code that could re-enter it: OpenSSL's `SSL_read` fills
/// `plaintext` while its BIO touches `input` and `output` alone.
final class EngineBuffers {
    /// What one TLS record can carry.
    static let recordSize = 16_384

    /// Storage above this is given up after use instead of being kept for the next connection.
    private static let keptCapacity = 128 * 1024

    /// Each thread sees only its own value.
    nonisolated(unsafe) private static let ofThread = ThreadSpecificVariable<EngineBuffers>()

    /// Ciphertext that the engine has not read yet. Valid during a call into the engine only.
    var input = UnsafeRawBufferPointer(start: nil, count: 0)

    /// Where a socket is read to next, unless it is being read to; see ``ReceiveAllocator``.
    private var ciphertext: ByteBuffer?

    /// Decrypted bytes on their way to the next handler.
    ///
    /// The next handler gets this very storage. If it keeps nothing of it, the storage is used again.
    var plaintext = ByteBuffer()

    /// Small writes that are about to share a record.
    private let staging = UnsafeMutableRawBufferPointer.allocate(byteCount: EngineBuffers.recordSize, alignment: 16)

    private var output = ByteBuffer()
    private var outputWasTaken = false

    private init() {}

    deinit {
        staging.deallocate()
    }

    /// The buffers of the calling thread.
    static var current: EngineBuffers {
        if let existing = ofThread.currentValue {
            return existing
        }
        let new = EngineBuffers()
        ofThread.currentValue = new
        return new
    }

    /// Makes room in `plaintext` for a record, in storage that is not shared.
    func preparePlaintext() {
        plaintext.clear(minimumCapacity: Self.recordSize)
    }

    // MARK: Ciphertext on its way in

    /// How much of a socket is read at once.
    static let receiveSize = 4096

    /// Hands over memory to read a socket to, for its next owner alone.
    func takeCiphertext() -> ByteBuffer {
        guard var buffer = ciphertext else { return ByteBufferAllocator().buffer(capacity: Self.receiveSize) }
        ciphertext = nil
        // Gets other memory if somebody keeps some of what was read.
        buffer.clear()
        return buffer
    }

    /// Takes the memory back that a socket was read to, to be used again for the next one that has something.
    func keepCiphertext(_ bytes: ByteBuffer) {
        if bytes.capacity == Self.receiveSize { ciphertext = bytes }
    }

    // MARK: Plaintext on its way out

    /// Takes in a small write that is to share a record with those before it, which take `count` bytes.
    func stage(_ bytes: UnsafeRawBufferPointer, at count: Int) {
        UnsafeMutableRawBufferPointer(rebasing: staging[count...]).copyMemory(from: bytes)
    }

    /// The first so many bytes of what was taken in.
    func staged(_ count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: staging[..<count])
    }

    // MARK: Ciphertext on its way out

    /// How much ciphertext waits to be taken.
    var outputCount: Int {
        outputWasTaken ? 0 : output.readableBytes
    }

    /// Makes room for what is about to be encrypted, so that it is not moved while it grows.
    func reserveOutput(_ count: Int) {
        if outputWasTaken || output.readableBytes == 0 {
            renewOutput(count)
        } else {
            output.reserveCapacity(minimumWritableBytes: count)
        }
    }

    /// Takes in what the engine wrote.
    func appendOutput(_ bytes: UnsafeRawBufferPointer) {
        if outputWasTaken {
            renewOutput(bytes.count)
        }
        output.writeBytes(bytes)
    }

    /// Hands over all ciphertext, or `nil` if there is none.
    func takeOutput() -> ByteBuffer? {
        guard outputCount > 0 else { return nil }
        outputWasTaken = true
        return output
    }

    private func renewOutput(_ count: Int) {
        outputWasTaken = false
        if output.capacity > Self.keptCapacity {
            output = ByteBufferAllocator().buffer(capacity: count)
        } else {
            // Uses the same storage again if the channel has let go of it.
            output.clear(minimumCapacity: count)
        }
    }
}
