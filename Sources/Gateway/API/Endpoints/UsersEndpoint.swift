import Access
import AnswerViews
import HTTPServer
import HysteriaStats
import Ledger
import NIOCore
import Text

/// `/users`: all that is known of each user at once: devices, totals, rate, today, the period and its quota.
final class UsersEndpoint: Endpoint {
    var path: StaticString { "/users" }
    var scope: Scope? { .traffic }
    var contentTypes: [Response.ContentType] { [.json, .text, .csv] }
    var isSuggested: Bool { true }

    func contentRules(_ call: EndpointCall) -> ContentRules { .figures }

    func answer(_ call: EndpointCall) -> EndpointStep {
        guard let ledger = call.ledger else { return .refuse(call.lacksLedger) }
        let now = ledger.clock.now().wall / 1000
        let periods = UserPeriods(ledger, now: now)
        return .askLedger(for: call) { context in
            let eventLoop = context.eventLoop
            let overview = ledger.ask(.figures, on: eventLoop).flatMap { _ in periods.overview(on: eventLoop) }
            return OnlineQuestion(context, for: call.caller).answer().and(overview)
        } users: { _, overview in
            overview.snapshot.userCount
        } respond: { online, overview in
            let view = UsersView(
                Self.rows(overview, online, periods, call),
                zone: ledger.zone,
                asOf: overview.snapshot.readAt.map { $0 / 1000 },
                now: now,
                server: overview.snapshot.serverName,
                isDurable: overview.snapshot.isDurable
            )
            return call.response(
                json: { view.writeJSON(into: &$0) },
                text: { view.writeText(into: &$0) },
                csv: { view.writeCSV(into: &$0) }
            )
        }
    }

    private static func rows(
        _ overview: PeriodFigures,
        _ online: OnlineAnswer?,
        _ periods: UserPeriods,
        _ call: EndpointCall
    ) -> [UserRow] {
        var devices: [ByteKey: UInt64] = [:]
        for entry in online?.entries ?? [] where call.sees(entry.user) {
            devices[ByteKey(entry.user)] = (devices[ByteKey(entry.user)] ?? 0).saturatingSum(entry.connections)
        }
        var rows: [UserRow] = []
        for user in overview.snapshot.users() {
            let name = String(decoding: user.name, as: UTF8.self)
            guard user.id == .others ? call.seesAll : call.sees(name) else { continue }
            let count = devices.removeValue(forKey: ByteKey(name))
            rows.append(
                UserRow(
                    name: user.id == .others ? Array("(others)".utf8) : user.name,
                    devices: online == nil ? nil : count ?? 0,
                    total: user.total,
                    rate: user.rate,
                    lastSeen: user.lastSeen,
                    today: overview.report[user: user.id].today,
                    period: periods.line(of: user.id, named: user.name, overview)
                )
            )
        }
        // Whose first byte is still to come.
        for (key, count) in devices.sorted(by: { $0.key < $1.key }) {
            let name = Array(key.text.utf8)
            rows.append(
                UserRow(
                    name: name,
                    devices: count,
                    total: Traffic(),
                    rate: Traffic(),
                    today: Traffic(),
                    period: periods.line(of: UserID(-1), named: name, overview)
                )
            )
        }
        return rows
    }
}

/// Asks Hysteria who is online, for a caller that may know it.
private final class OnlineQuestion: StatsAnswerReceiver {
    private let context: LoopContext
    private let owner: String
    private let upstream: Upstream?
    private let promise: EventLoopPromise<OnlineAnswer?>

    init(_ context: LoopContext, for caller: Caller?) {
        self.context = context
        owner = caller?.name ?? ""
        upstream = caller?.may(.online) == true ? context.upstreams.upstream(for: caller) : nil
        promise = context.eventLoop.makePromise(of: OnlineAnswer?.self)
    }

    /// Nil where the caller may not know it, or Hysteria does not say.
    func answer() -> EventLoopFuture<OnlineAnswer?> {
        guard let upstream else {
            promise.succeed(nil)
            return promise.futureResult
        }
        upstream.perform(.online, for: self, ticket: 0)
        return promise.futureResult
    }

    func receive(_ result: Result<StatsAnswer, StatsError>, for ticket: UInt64) {
        guard let upstream else { return }
        switch result {
        case .failure(let error):
            upstream.report(error, of: .online)
            promise.succeed(nil)
        case .success(let answer):
            let (promise, body) = (promise, answer.body)
            context.offLoop.run(WorkMaterial(body), for: owner, on: context.eventLoop) {
                Result { try OnlineAnswer(parsing: body) }
            } then: { online in
                switch online {
                case .success: upstream.answered()
                case .failure(let error): upstream.answeredBadly(error, to: .online)
                case nil: break
                }
                promise.succeed(try? online?.get())
            }
        }
    }
}
