/// What makes the contents of a ledger's file unusable.
package enum LedgerReplayError: Error, Hashable, Sendable {
    /// A row of the journal is missing: another one was found in its place.
    case sequence(expected: Int64, found: Int64)
    /// A row names a user, server, view or clear that there is not.
    case unknown(String, id: Int64, sequence: Int64)
    /// A row adds one that there is already, or whose id cannot be.
    case impossible(String, id: Int64, sequence: Int64)
}

extension LedgerReplayError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .sequence(let expected, let found):
            "the journal goes on with row \(found) where row \(expected) should be"
        case .unknown(let what, let id, let sequence):
            "row \(sequence) of the journal names \(what) \(id), which the ledger does not have"
        case .impossible(let what, let id, let sequence):
            "row \(sequence) of the journal adds \(what) \(id), which cannot be added"
        }
    }
}
