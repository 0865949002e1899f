import HysteriaStats
import NIOCore

/// One answer to `/metrics`: two calls at once, a question to each event loop, and what they come to.
///
/// Those who are asked hold on to it until they have answered.
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
    private var upstreamDuration = TimeAmount.zero
    private var counters: LoopCounters?

    /// - Parameter whenDone: called once, and never before ``start()`` returns.
    init(api: StatsAPI, caller: Caller, whenDone: @escaping (Response) -> Void) {
        self.api = api
        self.caller = caller
        self.whenDone = whenDone
        began = api.client.eventLoop.now
        moment = api.ledger.withLockedValue { $0.readBegins() }
    }

    func start() {
        api.upstream.perform(.traffic, for: self, ticket: Ticket.traffic)
        api.upstream.perform(.online, for: self, ticket: Ticket.online)
        // What the gateway does for others is not the business of who sees some users alone.
        guard caller.users == nil else { return }
        awaited += 1
        api.gatewayMetrics.gather(on: api.client.eventLoop).assumeIsolated().whenComplete { [self] result in
            counters = try? result.get()
            settle()
        }
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
            api.upstreamAnswered()
        } catch let error as StatsError {
            api.report(error, of: call)
        } catch {
            api.report(StatsError(.malformedAnswer(reason: "\(error)"), address: api.client.upstream.address), of: call)
        }
        upstreamDuration = api.client.eventLoop.now - began
        settle()
    }

    private func settle() {
        awaited -= 1
        if awaited == 0 { finish() }
    }

    private func finish() {
        let figures = HysteriaMetrics(
            isUp: hasTraffic && online != nil,
            totals: api.ledger.withLockedValue(\.totals),
            online: online,
            duration: upstreamDuration
        )
        var writer = MetricsWriter(capacity: figures.expectedSize(api.metrics))
        figures.write(api.metrics, for: caller, into: &writer)
        if let counters { ownFigures(counters).write(into: &writer) }
        whenDone(Response(status: .ok, contentType: .metrics, body: writer.buffer))
    }

    private func ownFigures(_ counters: LoopCounters) -> GatewayFigures {
        GatewayFigures(
            counters: counters,
            tokens: api.tokens.labels,
            reloads: api.gatewayMetrics.reloads,
            certificates: api.certificates.map { ($0.names.first ?? $0.subject, $0.notAfter) },
            linesLost: UInt64(api.accessLog?.linesLost ?? 0),
            started: api.gatewayMetrics.started,
            process: ProcessFigures()
        )
    }
}

extension Response.ContentType {
    /// Prometheus' text format.
    static let metrics = Response.ContentType(value: "text/plain; version=0.0.4; charset=utf-8")
}
