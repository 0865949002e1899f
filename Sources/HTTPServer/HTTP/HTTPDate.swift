import Time

/// The current time as `Date` has it (RFC 9110, section 5.6.7), rewritten once a second.
struct HTTPDate {
    private var second: Int64 = .min
    /// `Sun, 06 Nov 1994 08:49:37 GMT`, always 29 bytes.
    private(set) var text: [UInt8] = []

    /// Brings ``text`` to `now`, in seconds since 1970.
    mutating func update(to now: Int64) {
        guard now != second else { return }
        second = now
        text = Array(CivilTime(now).httpText.utf8)
    }
}
