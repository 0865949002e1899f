/// Which streams a caller has used, and which of them are finished, of the last few hundred.
///
/// A frame on a stream that is no longer open is an error or is to be ignored, depending on how the stream ended (RFC 9113,
/// section 5.1). libnghttp2 would keep each closed stream for that; these are two bits for each.
struct HTTP2StreamMemory {
    /// What is known of a stream that is not open.
    enum Past {
        /// Never used: its number was skipped.
        case skipped
        /// Both sides have ended it, or the caller has given it up: nothing more may come.
        case finished
        /// The gateway has refused it or given it up; the caller may not know that yet.
        case refused
    }

    /// How many streams are remembered, twice as many as may be open at once several times over. A power of two.
    private static let capacity = 512

    /// The greatest number there has been; the numbers of a caller are odd.
    private(set) var greatest: Int32 = 0
    private var used = Bits()
    private var finished = Bits()

    /// A stream begins, which is one with a greater number than all before.
    mutating func begin(_ id: Int32) {
        let first = max(greatest + 2, id - 2 * Int32(Self.capacity - 1)) | 1
        // Those in between are skipped, in the places of streams that are forgotten with this.
        var skipped = first
        while skipped < id {
            used[skipped] = false
            finished[skipped] = false
            skipped += 2
        }
        used[id] = true
        finished[id] = false
        greatest = id
    }

    /// Nothing more may come on a stream.
    mutating func finish(_ id: Int32) {
        if remembers(id), used[id] { finished[id] = true }
    }

    /// What is known of a stream with a number that is not greater than the greatest.
    func past(_ id: Int32) -> Past {
        // Of those that are forgotten, the answers are out.
        guard remembers(id) else { return .finished }
        return used[id] ? finished[id] ? .finished : .refused : .skipped
    }

    private func remembers(_ id: Int32) -> Bool {
        id > 0 && id <= greatest && Int(greatest - id) < 2 * Self.capacity
    }

    /// A bit for each of the last odd numbers.
    private struct Bits {
        private var words: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0, 0)

        subscript(id: Int32) -> Bool {
            get {
                withUnsafeBytes(of: words) { $0[Self.byte(id)] & Self.mask(id) != 0 }
            }
            set {
                withUnsafeMutableBytes(of: &words) {
                    if newValue { $0[Self.byte(id)] |= Self.mask(id) } else { $0[Self.byte(id)] &= ~Self.mask(id) }
                }
            }
        }

        private static func byte(_ id: Int32) -> Int { (Int(id >> 1) & (capacity - 1)) >> 3 }
        private static func mask(_ id: Int32) -> UInt8 { 1 << UInt8(Int(id >> 1) & 7) }
    }
}
