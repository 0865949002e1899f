/// What this process counts of the ledger itself.
package struct LedgerStatistics: Hashable, Sendable {
    package var appends: UInt64 = 0
    package var folds: UInt64 = 0
    /// Times that the file could not be written or opened.
    package var storageFailures: UInt64 = 0
    package var readings: UInt64 = 0
    package var failedReadings: UInt64 = 0
    package var refusedReadings: UInt64 = 0
    package var assumedDifferences: UInt64 = 0
    /// By cause.
    package var gaps: [LedgerGap.Cause: UInt64] = [:]
    package var unreadMilliseconds: Int64 = 0
    /// By view and verdict; `undecided` counts grants.
    package var clears: [ClearCount: UInt64] = [:]

    package struct ClearCount: Hashable, Sendable {
        package let view: String
        package let verdict: ClearVerdict

        package init(view: String, verdict: ClearVerdict) {
            self.view = view
            self.verdict = verdict
        }
    }

    mutating func note(_ gap: LedgerGap) {
        gaps[gap.cause, default: 0] += 1
        if gap.cause == .unread { unreadMilliseconds += gap.ended - gap.began }
    }

    mutating func note(_ verdict: ClearVerdict, of view: String) {
        clears[ClearCount(view: view, verdict: verdict), default: 0] += 1
    }
}
