import Access
import HTTPServer
import Ledger

/// What a request to `/usage` asks for: whose history, from when to when, in which steps.
struct UsageRange {
    let query: UsageQuery

    /// - Parameters:
    ///   - monthBegins: the day on which the periods of these users begin.
    ///   - now: seconds since 1970.
    init(_ call: EndpointCall, zone: CivilZone, monthBegins: ([[UInt8]]) -> Int, now: Int64) throws(UsageRangeError) {
        let users = Self.users(call)
        let begins = monthBegins(users ?? [])
        let period = BillingPeriod(containing: zone.date(of: now), begins: begins)
        let step = try Self.step(call, begins)
        let from = try Self.moment(.from, call, zone) ?? zone.start(of: period.start)
        let to = try Self.moment(.to, call, zone) ?? max(zone.start(of: period.end), from + 1)
        guard from < to else { throw UsageRangeError(description: "from has to be before to.") }
        guard to - from <= 366 * 100 * 86_400 else {
            throw UsageRangeError(description: "from and to are more than a century apart.")
        }
        query = UsageQuery(users: users.map { .named($0) } ?? .all, from: from, to: to, step: step)
    }

    /// Those that are asked for and may be seen; nil: everybody.
    private static func users(_ call: EndpointCall) -> [[UInt8]]? {
        let asked = call.target.values(of: .user)
        guard asked.isEmpty else { return asked.filter { call.sees(String(decoding: $0, as: UTF8.self)) } }
        return call.caller?.userNames
    }

    private static func step(_ call: EndpointCall, _ monthBegins: Int) throws(UsageRangeError) -> UsageQuery.Step {
        guard let value = call.target.values(of: .by).first else { return .day }
        switch String(decoding: value, as: UTF8.self) {
        case "total": return .total
        case "hour": return .hour
        case "day": return .day
        case "month": return .month(begins: monthBegins)
        default: throw UsageRangeError(description: RequestTarget.Parameter.by.usage)
        }
    }

    private static func moment(
        _ parameter: RequestTarget.Parameter,
        _ call: EndpointCall,
        _ zone: CivilZone
    ) throws(UsageRangeError) -> Int64? {
        guard let value = call.target.values(of: parameter).first else { return nil }
        guard let moment = zone.moment(String(decoding: value, as: UTF8.self)), moment >= 0, moment < 253_402_300_800
        else { throw UsageRangeError(description: parameter.usage) }
        return moment
    }
}

/// What is wrong with a range.
struct UsageRangeError: Error {
    let description: String
}
