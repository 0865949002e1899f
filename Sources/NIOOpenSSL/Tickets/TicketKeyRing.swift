import NIOCore

/// The keys that are good at a moment, the newest first. Immutable but for its owner, who swaps it whole.
struct TicketKeyRing {
    /// The newest key encrypts; all of them decrypt.
    private(set) var keys: [TicketKey]

    /// When the newest key gives way to another one; `nil` if time does not decide.
    private(set) var rotatesAt: NIODeadline?

    /// A ring of one key that time turns.
    init(key: TicketKey, rotatesAt: NIODeadline) {
        keys = [key]
        self.rotatesAt = rotatesAt
    }

    /// A ring of keys, at least one, that stays as it is.
    init(keys: [TicketKey]) {
        self.keys = keys
    }

    /// The key of a ticket, and whether it is the newest.
    func find(_ name: UnsafeRawPointer) -> (key: TicketKey, isNewest: Bool)? {
        for (index, key) in keys.enumerated() where key.isNamed(name) {
            return (key, index == 0)
        }
        return nil
    }

    /// Whether it is time for another key.
    func isDue(_ now: NIODeadline) -> Bool {
        rotatesAt.map { now >= $0 } ?? false
    }

    /// Puts `key` in front and drops those that are too old by now.
    ///
    /// A time without any use counts as if the ring had been turned all along: keys do not live longer for it.
    mutating func rotate(to key: TicketKey, now: NIODeadline, every interval: TimeAmount, keeping kept: Int) {
        guard let rotatesAt, now >= rotatesAt else { return }
        let turns = 1 + (now - rotatesAt).nanoseconds / interval.nanoseconds
        keys = [key] + keys.prefix(Int(max(0, Int64(kept) - turns)))
        self.rotatesAt = rotatesAt + interval * Int(turns)
    }
}
