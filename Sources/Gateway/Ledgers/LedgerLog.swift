import HysteriaStats
import Ledger
import Logging

/// What the log says of the ledger: what happened, what it means for the figures, and what to do.
///
/// Not `Sendable`: it is used on the ledger's event loop only.
final class LedgerLog {
    private let logger: Logger
    private var isFailing = false
    private var lastProblem: LedgerStorageError?
    /// When the last warning of somebody else's clears was written, in milliseconds since 1970, and how many came since.
    private var foreignClears: (said: Int64, since: Int) = (.min, 0)

    /// A panel that clears every ten seconds is warned of once an hour.
    private static let foreignClearPause: Int64 = 3_600_000

    init(_ logger: Logger) {
        self.logger = logger
    }

    func write(_ notice: LedgerNotice) {
        switch notice {
        case .emptied(let gap) where gap.cause == .cleared: foreignClear(gap)
        case .emptied(let gap):
            logger.notice("Hysteria's counters began anew", metadata: ["cause": "\(gap.cause.rawValue)"])
        case .assumed:
            logger.info("Hysteria's counters are taken to have gone on, though nothing proves it")
        case .refused(let error):
            logger.error("a reading of Hysteria's counters was refused as a whole", metadata: ["reason": "\(error)"])
        case .userLimitReached(let limit):
            logger.warning(
                "the ledger names no more users: further ones are counted together, as (others); see ledger.userLimit",
                metadata: ["limit": "\(limit)"]
            )
        case .undecidedClear(_, let view):
            logger.warning(
                "the gateway ended before it was known whether the answer to a clear arrived; it counts as delivered: see /view",
                metadata: ["view": "\(view)"]
            )
        case .returnedClear(_, let view):
            logger.notice(
                "the answer to a clear was lost; its figures are in the view again",
                metadata: ["view": "\(view)"]
            )
        case .closedViews(let count):
            logger.warning(
                """
                the ledger came from a backup: what consumers had not been given by then counts as given, since they may have \
                been given it after the backup; /view lists it
                """,
                metadata: ["views": "\(count)"]
            )
        case .behind(let failure):
            logger.critical(
                "the ledger cannot be written: figures are kept in memory, and clear is refused until it can",
                metadata: ["reason": "\(failure.rawValue)"]
            )
        case .stillBehind(let failure, let pause):
            logger.error(
                "the ledger still cannot be written",
                metadata: ["reason": "\(failure.rawValue)", "next": "\(pause) ms"]
            )
        case .durable(let after, let rows):
            logger.notice("the ledger is written again", metadata: ["after": "\(after) ms", "rows": "\(rows)"])
        case .replaced:
            logger.critical("the ledger's file was replaced: totals go on from memory, and some history is lost")
        case .clockStepped(let step):
            logger.notice("the clock was set", metadata: ["by": "\(step) ms"])
        case .lostAtEnd(let rows):
            logger.critical("the ledger could not be written at the end", metadata: ["rows": "\(rows)"])
        }
    }

    private func foreignClear(_ gap: LedgerGap) {
        foreignClears.since += 1
        // Also where the clock was set back.
        let (passed, overflow) = gap.ended.subtractingReportingOverflow(foreignClears.said)
        guard overflow || passed >= Self.foreignClearPause || passed < 0 else { return }
        logger.warning(
            """
            somebody else clears Hysteria's counters: what passed between the last reading and a clear is not in the totals; \
            point whoever clears at this gateway, with a token of its own
            """,
            metadata: ["since": "\(gap.began / 1000)", "times": "\(foreignClears.since)"]
        )
        foreignClears = (gap.ended, 0)
    }

    /// What was found when the file was opened.
    func opened(_ opened: OpenedLedger) {
        guard let broken = opened.quarantined else { return }
        logger.critical(
            "the ledger's file was damaged and was put aside",
            metadata: [
                "file": "\(broken)", "fault": "\(opened.fault ?? "-")",
                "restored": "\(opened.restored ?? "nothing: there is no backup")",
            ]
        )
    }

    /// The same problem is said once until another one comes.
    func storageProblem(_ error: LedgerStorageError) {
        guard error != lastProblem else { return }
        lastProblem = error
        logger.error("\(error)")
    }

    func readingFailed(_ error: any Error) {
        guard !isFailing else { return }
        isFailing = true
        logger.warning("Hysteria's counters cannot be read for the ledger", metadata: ["reason": "\(error)"])
    }

    func readingSucceeded() {
        guard isFailing else { return }
        isFailing = false
        logger.notice("Hysteria's counters are read for the ledger again")
    }
}
