import HysteriaStats
import NIOCore

/// One answer to `/metrics`: two calls at once, and what they come to.
///
/// The client holds on to it until it has answered both.
final class MetricsScrape: StatsAnswerReceiver {
    private enum Ticket {
        static let traffic: UInt64 = 0
        static let online: UInt64 = 1
    }

    private let api: StatsAPI
    private let caller: Caller
    private let whenDone: (Response) -> Void
    private let moment: TrafficLedger.Moment
    private let began: NIODeadline
    private var awaited = 2
    private var hasTraffic = false
    private var online: OnlineAnswer?

    /// - Parameter whenDone: called once, and never before ``start()`` returns.
    init(api: StatsAPI, caller: Caller, whenDone: @escaping (Response) -> Void) {
        self.api = api
        self.caller = caller
        self.whenDone = whenDone
        began = api.client.eventLoop.now
        moment = api.ledger.withLockedValue { $0.readBegins() }
    }

    func start() {
        api.client.perform(.traffic, for: self, ticket: Ticket.traffic)
        api.client.perform(.online, for: self, ticket: Ticket.online)
    }

    func receive(_ result: Result<StatsAnswer, StatsError>, for ticket: UInt64) {
        let call: StatsCall = ticket == Ticket.traffic ? .traffic : .online
        do {
            let body = try result.get().body
            if call == .traffic {
                let answer = try TrafficAnswer(parsing: body)
                let now = api.clock.now()
                api.ledger.withLockedValue { $0.readEnded(moment, answer, now: now) }
                hasTraffic = true
            } else {
                online = try OnlineAnswer(parsing: body)
            }
        } catch let error as StatsError {
            api.report(error, of: call)
        } catch {
            api.report(StatsError(.malformedAnswer(reason: "\(error)"), address: api.client.upstream.address), of: call)
        }
        awaited -= 1
        if awaited == 0 { finish() }
    }

    private func finish() {
        let figures = HysteriaMetrics(
            isUp: hasTraffic && online != nil,
            totals: api.ledger.withLockedValue(\.totals),
            online: online,
            duration: api.client.eventLoop.now - began
        )
        var writer = MetricsWriter(capacity: figures.expectedSize(api.metrics))
        figures.write(api.metrics, for: caller, into: &writer)
        whenDone(Response(status: .ok, contentType: .metrics, body: writer.buffer))
    }
}

extension Response.ContentType {
    /// Prometheus' text format.
    static let metrics = Response.ContentType(value: "text/plain; version=0.0.4; charset=utf-8")
}
