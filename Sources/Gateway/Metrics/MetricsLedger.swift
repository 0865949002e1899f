import Ledger
import NIOCore

/// The ledger, as a scrape asks it.
protocol MetricsLedger: Sendable {
    /// The last figures.
    var snapshot: LedgerSnapshot { get }
    /// Its file, as of the last figures.
    var file: LedgerFileFigures { get }
    /// Has Hysteria read and what was read written.
    func committed(on eventLoop: any EventLoop) -> EventLoopFuture<CommittedFigures>
    /// The current periods of those who have a quota.
    func quotaFigures(on eventLoop: any EventLoop) -> EventLoopFuture<[QuotaFigures]>
}

/// What is measured of the ledger's file.
struct LedgerFileFigures: Sendable {
    /// How long appends took until they were on disk.
    var appends = DurationHistogram()
    /// The size of the file, without the log beside it.
    var bytes: Int64 = 0
}

/// The current period of a user with a quota.
struct QuotaFigures: Sendable {
    let user: String
    let moved: Traffic
    /// Bytes of both ways together.
    let quota: UInt64
}

/// Figures that no power cut takes back.
struct CommittedFigures: Sendable {
    let snapshot: LedgerSnapshot
    /// Whether Hysteria was read for them.
    let isFresh: Bool
}
