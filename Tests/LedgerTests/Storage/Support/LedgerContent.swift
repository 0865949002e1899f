import LibSQLite

@testable import Ledger

/// All that a ledger's file says, but for what differs from file to file.
struct LedgerContent: Equatable {
    private(set) var image: LedgerImage
    private(set) var quarters: [Int64: [CounterKey: Traffic]] = [:]
    private(set) var days: [Int64: [CounterKey: Traffic]] = [:]
    private(set) var gaps: [LedgerGap] = []

    /// What a file has to say, with days in UTC.
    init(_ model: LedgerModel) {
        image = model.image(ledgerID: "", endedCleanly: false)
        for (slot, amounts) in model.quarters {
            for (key, amount) in amounts where !amount.isZero {
                quarters[slot, default: [:]][key] = amount
                days[(slot * 900).dividedDown(by: 86_400), default: [:]][key, default: Traffic()] += amount
            }
        }
        for (key, amount) in model.undated where !amount.isZero { days[undatedDay, default: [:]][key] = amount }
        gaps = model.gaps
    }

    /// What an open file says. `image` is what was found when it was opened.
    init(_ image: LedgerImage, _ database: SQLiteDatabase) throws(LedgerStorageError) {
        self.image = image
        self.image.ledgerID = ""
        self.image.endedCleanly = false
        let tables = LedgerTables(database)
        var amounts: [Int64: [CounterKey: Traffic]] = [:]
        try tables.history(.quarter) { amounts[$0, default: [:]][$1.key] = $1.traffic }
        quarters = amounts
        amounts = [:]
        try tables.history(.day) { amounts[$0, default: [:]][$1.key] = $1.traffic }
        days = amounts
        var gaps: [LedgerGap] = []
        try tables.gaps(where: "1 ORDER BY id") { gaps.append($0) }
        self.gaps = gaps
    }

    /// What differs, in few words: all of it is too long to be shown.
    func difference(from other: LedgerContent) -> String? {
        if self == other { return nil }
        let parts = [
            (image.folded == other.image.folded, "folded \(image.folded) != \(other.image.folded)"),
            (image.journal == other.image.journal, "journal \(image.last) != \(other.image.last)"),
            (image.counters == other.image.counters, "counters"), (image == other.image, "image"),
            (quarters == other.quarters, "quarters"), (days == other.days, "days"), (gaps == other.gaps, "gaps"),
        ]
        return parts.filter { !$0.0 }.map(\.1).joined(separator: ", ")
    }
}

extension LedgerImage {
    /// The last row of the journal that there is.
    var last: Int64 { journal.last?.sequence ?? folded }
}
