/// Somebody who waits for an answer of the ledger: a number that the caller of the machine gives.
package struct WaiterID: Hashable, Sendable {
    package let value: UInt64
    package init(_ value: UInt64) { self.value = value }
}

/// What the driver of ``LedgerStateMachine`` has to do, in this order.
package enum LedgerAction: Hashable, Sendable {
    /// Ask Hysteria for its counters. Ends with `readingArrived` or `readingFailed`; until then no other one is asked for.
    case read
    /// Write these rows durably. Ends with `appended` or `storageFailed`.
    case append([JournalRow])
    /// Fold, in one transaction. Ends with `folded` or `storageFailed`.
    case fold(LedgerFold)
    /// Close the file and open it again. Ends with `reopened` or `storageFailed`.
    ///
    /// `whole`: the file may be another one from now on, an older copy or a new one, and the machine is told all that it
    /// holds. Otherwise its last row is enough.
    case reopen(whole: Bool)
    /// Close the file for good. Ends with `closed`.
    case close
    /// The figures have changed: see ``LedgerStateMachine/snapshot``.
    case publish
    /// Answer a waiter, who does not wait any more.
    case answer(WaiterID, LedgerAnswer)
    /// Write to the log.
    case notice(LedgerNotice)
    /// The file is closed, all waiters are answered: the process may end, or another one may open the file.
    case release
}

/// What a waiter is told.
package enum LedgerAnswer: Hashable, Sendable {
    /// The published snapshot is not older than the request. Who waited for commitment finds it in `committed`.
    case fresh
    /// A clear was granted and is durable: send these amounts, and report how it ended with `clearEnded`.
    case cleared(ClearID, [CountedTraffic])
    /// A clear gives these amounts, and nobody has to watch the answer: nothing was there to take, or the key was known.
    case given([CountedTraffic])
    /// What came since the cursor, and the cursor under which to ask next.
    case offered([CountedTraffic], next: Int64)
    /// The cursor is not known; this one is the last that was acknowledged.
    case cursorGone(acknowledged: Int64)
    /// Hysteria did not answer, or nonsense.
    case readingFailed
    /// The ledger cannot write, or is about to close. Nothing was taken.
    case unavailable
}
