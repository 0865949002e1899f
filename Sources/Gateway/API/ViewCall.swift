import Access
import HTTPServer
import HysteriaStats
import Ledger
import NIOCore

/// What a caller with counters of its own asks of them: to read them, to begin them anew, or to go on from a cursor.
struct ViewCall: Sendable {
    private let ledger: LedgerService
    private let call: EndpointCall
    private let request: ViewRequest

    init(_ ledger: LedgerService, _ caller: Caller, _ call: EndpointCall) {
        self.ledger = ledger
        self.call = call
        request = ViewRequest(caller.view, users: ViewUsers(of: caller))
    }

    var step: EndpointStep {
        let since = call.target.values(of: .since).first
        guard since == nil || !call.target.clears else {
            return .refuse(.malformed("clear and since are two ways to take figures; give one of them."))
        }
        if call.target.clears {
            if let key = call.idempotencyKey, !Self.isKey(key) {
                return .refuse(.malformed("Idempotency-Key has 1 to 64 visible ASCII characters."))
            }
            return ask(.clear(request, key: call.idempotencyKey))
        }
        guard let since else { return ask(.view(request)) }
        guard let cursor = Int64(String(decoding: since, as: UTF8.self)), cursor >= 0 else {
            return .refuse(.malformed(RequestTarget.Parameter.since.usage))
        }
        return ask(.since(request, cursor: cursor))
    }

    private static func isKey(_ key: String) -> Bool {
        (1...64).contains(key.utf8.count) && key.utf8.allSatisfy { (0x21...0x7e).contains($0) }
    }

    private func ask(_ wish: LedgerWish) -> EndpointStep {
        .askLedger(for: call) {
            ledger.ask(wish, on: $0.eventLoop)
        } users: {
            call.caller?.users?.names.count ?? $0.snapshot.userCount
        } respond: {
            response(to: $0)
        } finish: { reply, response in
            guard case .cleared(let clear, _) = reply.answer else { return }
            response.onLoss = { ledger.clearEnded(clear, .returned) }
            response.onDelivery = { ledger.clearEnded(clear, .delivered) }
        }
    }

    private func response(to reply: LedgerReply) -> Response {
        switch reply.answer {
        case .fresh:
            return figures(reply.snapshot.traffic(of: request) ?? [])
        case .given(let amounts), .cleared(_, let amounts):
            return figures(reply.snapshot.named(amounts))
        case .offered(let amounts, let next):
            var response = figures(reply.snapshot.named(amounts))
            response.fields.append(Response.Field(name: "Link", value: "</traffic?since=\(next)>; rel=\"next\""))
            return response
        case .cursorGone(let acknowledged):
            return Problem.cursorGone(acknowledged: acknowledged).response(as: call.format)
        case .readingFailed:
            return Problem.readingFailed.response(as: call.format)
        case .unavailable:
            return Problem.ledgerUnavailable.response(as: call.format)
        }
    }

    private func figures(_ figures: [NamedTraffic]) -> Response {
        let entries = figures.map {
            TrafficAnswer.Entry(
                user: String(decoding: $0.name, as: UTF8.self),
                tx: $0.traffic.up,
                rx: $0.traffic.down
            )
        }
        return TrafficEndpoint.response(TrafficAnswer(entries: entries), to: call)
    }
}

extension ViewUsers {
    /// Those whom a caller may see.
    init(of caller: Caller) {
        self = caller.userNames.map { .only($0) } ?? .all
    }
}
