extension LedgerTime {
    /// When this was, by the wall clock as it is now: a clock that is set right after boot dates what was seen before.
    ///
    /// - Returns: milliseconds since 1970.
    package func dated(now: LedgerTime) -> Int64 {
        // A moment of another boot has only what the wall clock said then.
        isSameBoot(as: now) ? now.wall - (now.boot - boot) : wall
    }

    func isSameBoot(as other: LedgerTime) -> Bool { bootID == other.bootID && bootID != 0 }

    /// How much later this is than `earlier`, in milliseconds, not less than 0.
    func since(_ earlier: LedgerTime) -> Int64 {
        max(0, isSameBoot(as: earlier) ? boot - earlier.boot : wall - earlier.wall)
    }

    /// By how much the wall clock was set between the two, of one boot.
    func clockStep(since earlier: LedgerTime) -> Int64? {
        isSameBoot(as: earlier) ? (wall - boot) - (earlier.wall - earlier.boot) : nil
    }

    /// A moment that is known by the wall clock only.
    static func known(wall: Int64) -> LedgerTime { LedgerTime(wall: wall, boot: 0, bootID: 0) }
}
