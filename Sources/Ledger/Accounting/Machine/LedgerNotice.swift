/// What the log should say.
package enum LedgerNotice: Hashable, Sendable {
    /// Hysteria's counters began anew.
    case emptied(LedgerGap)
    /// The counters were taken to have gone on, though nothing proves it.
    case assumed(server: ServerID)
    /// A reading was refused whole.
    case refused(MalformedReadingError)
    /// More users than have a place: they are counted as "(others)" from now on.
    case userLimitReached(Int)
    /// A clear of an earlier process had no verdict, and counts as delivered.
    case undecidedClear(ClearID, view: String)
    /// A clear went back into its view.
    case returnedClear(ClearID, view: String)
    /// The file came from a backup: what so many views showed counts as given.
    case closedViews(Int)
    /// The file cannot be written. Figures are kept in memory, and clears are refused.
    case behind(LedgerStorageFailure)
    /// Still not; the next attempt is so many milliseconds away.
    case stillBehind(LedgerStorageFailure, nextAttempt: Int64)
    /// The file is written again, after so many milliseconds.
    case durable(after: Int64, rows: Int)
    /// The file was replaced by an older or an empty one: the totals go on from memory, and some history is not known.
    case replaced(LedgerGap)
    /// The clock was set by so many milliseconds.
    case clockStepped(Int64)
    /// So many rows could not be written before the end.
    case lostAtEnd(rows: Int)
}

/// Why storage failed.
package enum LedgerStorageFailure: String, Hashable, Sendable, CaseIterable {
    /// The disk, or a limit of its space, is full.
    case full
    /// The file cannot be written or read.
    case inputOutput
    /// The file is damaged.
    case corrupt
}

/// Why a reading was refused.
package enum MalformedReadingError: Error, Hashable, Sendable {
    /// A counter, or the sum of several under one name, is 2^63 or more.
    case tooLarge
}
