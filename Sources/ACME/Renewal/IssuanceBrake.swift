/// Holds back orders for a set of names that has just got its certificate, whatever anybody says: an authority whose window lies in
/// the past had clients order five times in ten seconds.
package enum IssuanceBrake {
    /// Certificates of one set within `period`: one less than what Let's Encrypt gives.
    private static let limit = 4
    private static let period = 7 * Backoff.day

    /// When the next order is allowed at the earliest.
    ///
    /// - Parameter issued: When certificates came, the latest last.
    /// - Parameter lifetime: That of the last one; nil if it is not there any more.
    package static func earliest(after issued: [Int64], lifetime: Int64?) -> Int64 {
        guard let last = issued.last else { return 0 }
        // Short enough that the revocation of a fresh certificate, which puts the window into the past, is followed in time.
        let pause = lifetime.map { min($0 / 10, 12 * Backoff.hour) } ?? Backoff.hour
        guard issued.count >= limit else { return last + pause }
        return max(last + pause, issued[issued.count - limit] + period)
    }

    /// What has to be remembered of `issued`.
    package static func kept(_ issued: [Int64]) -> [Int64] { Array(issued.sorted().suffix(limit)) }
}
