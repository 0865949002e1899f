/// Finds where frames begin in bytes that arrive piece by piece, without looking into them.
struct HTTP2FrameScanner {
    /// What the client's side of a connection begins with (RFC 9113, section 3.4).
    private static let prefaceLength = 24

    /// What is next.
    enum Piece {
        /// A frame begins with so many bytes of what is left: its head, and as much of its payload as is there.
        case frame(HTTP2FrameHeader, count: Int)
        /// So many bytes of what is left go on with the frame before, or with the preface.
        case rest(count: Int)
        /// So many bytes are a part of a head, and were kept; see ``gathered()``.
        case kept(count: Int)
    }

    /// How much of what is in progress has not arrived.
    private var missing = prefaceLength
    /// The part of a head that has arrived.
    private(set) var head: [UInt8] = []

    /// Whether a frame begins with what comes next.
    var isBetweenFrames: Bool { missing == 0 && (head.isEmpty || head.count == HTTP2FrameHeader.size) }

    /// What `bytes`, which are not empty and go on where the last piece ended, begin with.
    mutating func next(_ bytes: UnsafeRawBufferPointer) -> Piece {
        if missing > 0 {
            let count = min(missing, bytes.count)
            missing -= count
            return .rest(count: count)
        }
        let headSize = HTTP2FrameHeader.size
        // What was gathered before has been handed on by now.
        if head.count == headSize { head.removeAll(keepingCapacity: true) }
        if head.isEmpty, bytes.count >= headSize {
            let frame = HTTP2FrameHeader(bytes)
            let count = min(headSize + frame.length, bytes.count)
            missing = headSize + frame.length - count
            return .frame(frame, count: count)
        }
        let count = min(headSize - head.count, bytes.count)
        head.append(contentsOf: bytes[..<count])
        return .kept(count: count)
    }

    /// The frame whose head is complete with the bytes that were kept last; nil if it is not.
    mutating func gathered() -> HTTP2FrameHeader? {
        guard head.count == HTTP2FrameHeader.size else { return nil }
        let frame = head.withUnsafeBytes { HTTP2FrameHeader($0) }
        missing = frame.length
        return frame
    }
}
