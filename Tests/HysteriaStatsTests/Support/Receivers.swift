import HysteriaStats

/// Makes the next call from within the answer to the one before, so many times.
final class ChainReceiver: StatsAnswerReceiver {
    private let client: StatsClient
    private let rounds: Int
    private let body: ([String]) -> Void
    private var texts: [String] = []

    init(client: StatsClient, rounds: Int, _ body: @escaping ([String]) -> Void) {
        self.client = client
        self.rounds = rounds
        self.body = body
    }

    func receive(_ result: Result<StatsAnswer, StatsError>, for ticket: UInt64) {
        precondition(ticket == UInt64(texts.count), "answers come in the order of the calls")
        texts.append(result.text ?? "\(result)")
        if texts.count == rounds {
            body(texts)
        } else {
            let before = texts.count
            client.perform(.traffic, for: self, ticket: ticket + 1)
            precondition(texts.count == before, "perform must not answer")
        }
    }
}

/// Tells of its answer and of its end.
final class WatchedReceiver: StatsAnswerReceiver {
    private let onAnswer: () -> Void
    private let onDeinit: () -> Void

    init(onAnswer: @escaping () -> Void, onDeinit: @escaping () -> Void) {
        self.onAnswer = onAnswer
        self.onDeinit = onDeinit
    }

    deinit {
        onDeinit()
    }

    func receive(_ result: Result<StatsAnswer, StatsError>, for ticket: UInt64) {
        onAnswer()
    }
}

/// Shuts the client down within the first answer, and counts the answers.
final class EndingReceiver: StatsAnswerReceiver {
    private let client: StatsClient
    private let count: Int
    private let body: (Int) -> Void
    private var tickets: Set<UInt64> = []

    init(client: StatsClient, count: Int, _ body: @escaping (Int) -> Void) {
        self.client = client
        self.count = count
        self.body = body
    }

    func receive(_ result: Result<StatsAnswer, StatsError>, for ticket: UInt64) {
        precondition(tickets.insert(ticket).inserted, "ticket \(ticket) was answered twice")
        // The others are told while shutDown runs, so only the innermost call sees the last ticket come.
        let isLast = tickets.count == count
        client.shutDown()
        if isLast { body(count) }
    }
}
