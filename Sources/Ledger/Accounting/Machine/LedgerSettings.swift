/// What the configuration says about the ledger. All of it can change while running.
package struct LedgerSettings: Hashable, Sendable {
    /// From one reading to the next, in milliseconds.
    package var period: Int64
    /// How many users have a place of their own.
    package var userLimit: Int
    /// While the file cannot be written, readings beyond so many rows are merged: a disk that is full for a day must not fill
    /// the memory.
    package var pendingRows: Int

    package init(period: Int64 = 10_000, userLimit: Int = 100_000, pendingRows: Int = 64) {
        self.period = period
        self.userLimit = userLimit
        self.pendingRows = pendingRows
    }
}
