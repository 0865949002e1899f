import NIOCore

/// How often something may happen: so often at once, and then at a rate.
struct HTTP2Budget {
    /// How large a budget is.
    struct Size {
        var burst: Int
        var perSecond: Int
    }

    private let size: Size
    private var left: Int
    private var refilled: NIODeadline

    init(_ size: Size, now: NIODeadline) {
        self.size = size
        left = size.burst
        refilled = now
    }

    /// Takes one out. Only an empty budget looks at the time.
    ///
    /// - Returns: whether there was one.
    mutating func spend(now: NIODeadline) -> Bool {
        if left == 0 { refill(now) }
        guard left > 0 else { return false }
        left -= 1
        return true
    }

    /// Puts some back.
    mutating func earn(_ count: Int) {
        left = min(left + count, size.burst)
    }

    private mutating func refill(_ now: NIODeadline) {
        let interval = 1_000_000_000 / Int64(size.perSecond)
        let count = (now - refilled).nanoseconds / interval
        guard count > 0 else { return }
        left = Int(min(count, Int64(size.burst)))
        // The part of an interval that has passed is not lost.
        refilled = refilled + .nanoseconds(count * interval)
    }
}
