import NIOCore

@testable import AnswerViews
@testable import Ledger

/// The zone of all tests in this process; others have a process of their own (``ZoneChild``).
let utc: CivilZone = {
    do { return try CivilZone.adopt("UTC") } catch { fatalError("no tz database: \(error)") }
}()

let kib: UInt64 = 1024
let gib: UInt64 = 1 << 30

/// 2026-11-27T10:15:20Z, a Friday.
let now: Int64 = 1_795_774_520

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// What is written, as text.
func written(_ write: (inout ByteBuffer) -> Void) -> String {
    var buffer = ByteBuffer()
    write(&buffer)
    return String(buffer: buffer)
}

/// A moment that a test names as people do.
func moment(_ text: String, _ zone: CivilZone = utc) -> Int64 {
    guard let moment = zone.moment(text) else { fatalError("no moment: \(text)") }
    return moment
}

extension UserOverview {
    init(period: Traffic, lastDays: UInt64 = 0, days: Int64 = 0) {
        self.init()
        self.period = period
        self.lastDays = Traffic(down: lastDays)
        dayCount = days
    }
}

extension UsageReport {
    /// Days from a date on.
    init(days count: Int64, from date: String, zone: CivilZone = utc, users: [UserUsage], gaps: [LedgerGap] = []) {
        let first = zone.date(of: moment(date, zone))
        let edges = (0...count).map { zone.start(of: first.adding(days: $0)) }
        self.init(
            from: edges[0],
            to: edges[Int(count)],
            buckets: zip(edges, edges.dropFirst()).map { UsageBucket(start: $0, end: $1, isEstimated: false) },
            users: users,
            total: users.reduce(into: Traffic()) { $0 += $1.total },
            gaps: gaps,
            next: nil
        )
    }
}

extension UserUsage {
    init(_ user: String, id number: Int64 = 1, _ traffic: [(bucket: Int, up: UInt64, down: UInt64)]) {
        let parts = traffic.map { BucketTraffic(bucket: $0.bucket, traffic: Traffic(up: $0.up, down: $0.down)) }
        self.init(
            id: UserID(number),
            name: bytes(user),
            traffic: parts,
            total: parts.reduce(into: Traffic()) { $0 += $1.traffic },
            undated: Traffic()
        )
    }
}

extension LedgerGap {
    init(_ cause: Cause, at began: String, seconds: Int64) {
        let start = moment(began)
        self.init(server: ServerID(1), began: start * 1000, ended: (start + seconds) * 1000, cause: cause)
    }
}
