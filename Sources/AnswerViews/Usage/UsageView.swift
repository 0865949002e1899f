import Ledger
import NIOCore

/// The answer to `/usage`: who moved how much, and when.
package struct UsageView: Sendable {
    /// The current period of a user, with the user's name.
    package struct UserQuota: Sendable, Hashable {
        package let name: [UInt8]
        package let line: QuotaLine

        package init(name: [UInt8], line: QuotaLine) {
            self.name = name
            self.line = line
        }
    }

    let report: UsageReport
    let step: UsageQuery.Step
    let zone: CivilZone
    let asOf: Int64?
    let server: String
    let quotas: [UserQuota]

    /// - Parameters:
    ///   - asOf: When Hysteria was read last, in seconds since 1970; nil: never.
    ///   - server: What the server is called in the ledger.
    ///   - quotas: The current periods that are to be told beside the history, in this order.
    package init(
        _ report: UsageReport,
        step: UsageQuery.Step,
        zone: CivilZone,
        asOf: Int64?,
        server: String,
        quotas: [UserQuota] = []
    ) {
        self.report = report
        self.step = step
        self.zone = zone
        self.asOf = asOf
        self.server = server
        self.quotas = quotas
    }
}
