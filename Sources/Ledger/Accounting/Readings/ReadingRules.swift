/// Decides whether Hysteria's counters went on since the last reading or were emptied in between.
///
/// Only evidence of emptying counts a reading in full. In doubt the difference counts: then at worst too little is counted,
/// and never a byte twice.
package enum ReadingRules {
    /// What the two readings themselves show.
    package struct Comparison: Hashable, Sendable {
        /// Some user is lower than before in one direction, or gone. Users do not leave Hysteria's map one by one.
        package var someoneIsLower = false
        /// Some user with bytes has exactly the two values of before: after an emptying nobody arrives at them again by chance.
        package var someoneIsEqual = false

        package init(someoneIsLower: Bool = false, someoneIsEqual: Bool = false) {
            self.someoneIsLower = someoneIsLower
            self.someoneIsEqual = someoneIsEqual
        }
    }

    /// What is known besides.
    package struct Evidence: Hashable, Sendable {
        /// The last reading came over the same connection, which no process of Hysteria outlives.
        package var isSameConnection: Bool
        package var lastMark: String
        package var mark: String
        package var isOwnMachine: Bool

        package init(isSameConnection: Bool, lastMark: String, mark: String, isOwnMachine: Bool) {
            self.isSameConnection = isSameConnection
            self.lastMark = lastMark
            self.mark = mark
            self.isOwnMachine = isOwnMachine
        }
    }

    package enum Decision: Hashable, Sendable {
        /// The first reading ever.
        case opening
        case difference
        case assumedDifference
        case anew(LedgerGap.Cause)
    }

    /// - Parameter comparison: nil for the first reading ever.
    package static func decide(_ comparison: Comparison?, _ evidence: Evidence) -> Decision {
        guard let comparison else { return .opening }
        if comparison.someoneIsLower { return .anew(evidence.isSameConnection ? .cleared : .restart) }
        if evidence.isSameConnection || comparison.someoneIsEqual { return .difference }
        guard !evidence.mark.isEmpty, !evidence.lastMark.isEmpty else { return .assumedDifference }
        if evidence.mark == evidence.lastMark { return .difference }
        // Elsewhere the mark may be that of a tunnel or a proxy, which restarts without Hysteria.
        return evidence.isOwnMachine ? .anew(.restart) : .assumedDifference
    }
}
