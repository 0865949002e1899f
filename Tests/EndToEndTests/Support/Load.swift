import NIOPosix
import Testing

/// Callers who do not cease to ask, each on new connections or on a kept one, and what became of their requests.
///
/// A request counts as lost if its connection was made and it was never answered; on a kept connection, only if part of
/// an answer came: a caller knows that such a connection can end before a request has reached the other side.
struct Load: Sendable {
    /// How a caller uses connections.
    enum Manner: CaseIterable, Sendable {
        /// One for each request.
        case new
        /// One for as many as it lasts.
        case kept
    }

    /// What became of the requests.
    struct Tally: Sendable, CustomStringConvertible {
        var answers = 0
        var refusals = 0
        var losses: [String] = []

        var description: String { "\(answers) answers, \(refusals) refused connections, losses: \(losses)" }
    }

    let port: Int
    /// Whether a refused connection is the end of the caller. It is counted in any case.
    let endsWhenRefused: Bool
    private let tally = Observed(Tally())
    private let isOver = Observed(false)

    init(port: Int, endsWhenRefused: Bool) {
        self.port = port
        self.endsWhenRefused = endsWhenRefused
    }

    /// What has become of the requests so far.
    var result: Tally { tally.value }

    /// Runs callers, and `body` beside them. They end when they are refused, or when `body` does.
    func run(callers: Int, _ body: @escaping @Sendable () async throws -> Void) async throws -> Tally {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for _ in 0..<callers {
                for manner in Manner.allCases { tasks.addTask { await call(manner) } }
            }
            try await body()
            if !endsWhenRefused { isOver.update { $0 = true } }
            try await tasks.waitForAll()
        }
        return result
    }

    /// Waits for as many more answers.
    func answers(_ count: Int) async throws {
        let before = result.answers
        _ = try await tally.first("\(count) more answers") { $0.answers >= before + count ? true : nil }
    }

    private func call(_ manner: Manner) async {
        while !isOver.value {
            do {
                let client = try await SocketClient.tls(to: port)
                try await ask(on: client, manner)
                try? await client.close()
            } catch is NIOConnectionError {
                tally.update { $0.refusals += 1 }
                if endsWhenRefused { return }
            } catch {
                tally.update { $0.losses.append("\(error)") }
                return
            }
        }
    }

    private func ask(on client: SocketClient, _ manner: Manner) async throws {
        var count = 0
        while !isOver.value {
            count += 1
            // An error here is that of a connection that has ended.
            try? await client.send(
                """
                GET /traffic HTTP/1.1\r
                Host: localhost\r
                Authorization: Bearer \(Tokens.all.text)\r
                \(manner == .new ? "Connection: close\r\n" : "")\r

                """
            )
            let expected = count
            let outcome = try await client.first("an answer, or the end") { received -> Outcome? in
                var rest = received.bytes[...]
                var answers: [HTTPAnswer] = []
                while let answer = HTTPAnswer(takenFrom: &rest) { answers.append(answer) }
                if answers.count == expected, let last = answers.last {
                    return .answer(status: last.status, isLast: last["connection"] == "close")
                }
                guard received.isClosed else { return nil }
                return rest.isEmpty && expected > 1 ? .idleEnd : .loss("\(received)")
            }
            switch outcome {
            case .answer(let status, let isLast):
                tally.update {
                    $0.answers += 1
                    if status != 200 { $0.losses.append("status \(status)") }
                }
                if isLast { return }
            case .idleEnd:
                return
            case .loss(let words):
                tally.update { $0.losses.append(words) }
                return
            }
        }
    }

    private enum Outcome: Sendable {
        case answer(status: Int, isLast: Bool)
        case idleEnd
        case loss(String)
    }
}
