import NIOCore

/// Writes in the order in which they came, and how many of them are flushed.
struct PendingWrites {
    struct Write {
        let bytes: ByteBuffer
        let promise: EventLoopPromise<Void>?
    }

    private var writes = MarkedCircularBuffer<Write>(initialCapacity: 1)

    var isEmpty: Bool {
        writes.isEmpty
    }

    var hasFlushed: Bool {
        writes.hasMark
    }

    mutating func append(_ bytes: ByteBuffer, _ promise: EventLoopPromise<Void>?) {
        writes.append(Write(bytes: bytes, promise: promise))
    }

    /// Everything written so far may be sent.
    mutating func flush() {
        writes.mark()
    }

    /// The next write that may be sent.
    mutating func popFlushed() -> Write? {
        writes.hasMark ? writes.popFirst() : nil
    }

    /// The next write, flushed or not.
    mutating func pop() -> Write? {
        writes.popFirst()
    }
}
