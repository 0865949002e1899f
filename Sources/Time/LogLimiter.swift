/// Lets a message pass once a second and counts the suppressed ones.
package struct LogLimiter {
    private var second: Int64 = .min
    private var suppressed = 0

    package init() {}

    /// - Parameter now: seconds since 1970.
    /// - Returns: how many messages were held back since the last one let through; nil to hold this one back too.
    package mutating func admit(now: Int64) -> Int? {
        guard now != second else {
            suppressed += 1
            return nil
        }
        second = now
        defer { suppressed = 0 }
        return suppressed
    }
}
