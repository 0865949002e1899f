import Ledger

/// What an event loop wants of the ledger.
enum LedgerWish: Sendable {
    /// Figures that are not older than now.
    case figures
    /// The same, and durable.
    case committed
    /// To read a view, which begins now if it has not been seen before.
    case view(ViewRequest)
    /// All that a view shows, which begins anew from there.
    case clear(ViewRequest, key: String?)
    /// What a view got since a cursor.
    case since(ViewRequest, cursor: Int64)
}

/// What it gets.
struct LedgerReply: Sendable {
    let answer: LedgerAnswer
    /// The figures at that moment.
    let snapshot: LedgerSnapshot
}
