import GatewayConfiguration
import Text

/// The quotas of users as they are looked up: what takes a look at each of them is done once.
struct QuotaTable: Sendable {
    /// A quota that has a limit.
    struct Limit: Sendable {
        let user: String
        let bytes: UInt64
    }

    private let quotas: [ByteKey: Quota]
    /// Those who may move so much and no more, in the order of their names' bytes.
    let limits: [Limit]
    /// Those who have a billing day of their own.
    let billingDays: [(user: String, day: Int)]
    /// These days, each once.
    let days: Set<Int>

    init(_ quotas: [ByteKey: Quota]) {
        self.quotas = quotas
        let sorted = quotas.sorted { $0.key < $1.key }
        limits = sorted.compactMap { name, quota in quota.bytes.map { Limit(user: name.text, bytes: $0) } }
        billingDays = sorted.compactMap { name, quota in quota.monthBegins.map { (name.text, $0) } }
        days = Set(billingDays.map(\.day))
    }

    var isEmpty: Bool { quotas.isEmpty }

    subscript(name: [UInt8]) -> Quota? {
        quotas.isEmpty ? nil : quotas[ByteKey(String(decoding: name, as: UTF8.self))]
    }
}
