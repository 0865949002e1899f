import HysteriaStats

/// One call while it is not known whether Hysteria has taken its new secret or port.
///
/// A read goes to Hysteria as it is configured now and, if that is refused, as it was before. What changes something is sent
/// once, to the one that has just answered a read; if none has, it is not sent at all.
final class UpstreamTrial: StatsAnswerReceiver {
    private enum Ticket {
        static let current: UInt64 = 0
        static let former: UInt64 = 1
    }

    private let call: StatsCall
    private let receiver: any StatsAnswerReceiver
    private let ticket: UInt64
    private let late: StatsClient.LateAnswer?
    private let upstream: UpstreamSwitch
    private let current: StatsClient
    private let former: StatsClient
    private var refusal: StatsError?

    init(
        _ call: StatsCall,
        for receiver: any StatsAnswerReceiver,
        ticket: UInt64,
        late: StatsClient.LateAnswer?,
        _ upstream: UpstreamSwitch,
        _ current: StatsClient,
        _ former: StatsClient
    ) {
        self.call = call
        self.receiver = receiver
        self.ticket = ticket
        self.late = late
        self.upstream = upstream
        self.current = current
        self.former = former
    }

    /// The read that is sent: the call itself, or the smallest question.
    private var question: StatsCall { call.isRead ? call : .online }

    func start() {
        current.perform(question, for: self, ticket: Ticket.current)
    }

    func receive(_ result: Result<StatsAnswer, StatsError>, for ticket: UInt64) {
        let client = ticket == Ticket.current ? current : former
        switch result {
        case .success:
            if let refusal { upstream.stoodIn(client, for: refusal) } else { upstream.answered(by: client) }
            if call.isRead {
                receiver.receive(result, for: self.ticket)
            } else {
                client.perform(call, for: receiver, ticket: self.ticket, late: late)
            }
        case .failure(let error) where refusal == nil && error.kind.isRefusal:
            refusal = error
            former.perform(question, for: self, ticket: Ticket.former)
        case .failure(let error):
            // What is configured is what the operator has to hear of.
            receiver.receive(.failure(refusal ?? error), for: self.ticket)
        }
    }
}

extension StatsError.Kind {
    /// Whether Hysteria may just not have been restarted since its configuration was changed.
    fileprivate var isRefusal: Bool {
        switch self {
        case .secretRefused, .unreachable: true
        default: false
        }
    }
}
