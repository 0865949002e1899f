import HysteriaStats
import NIOCore
import NIOPosix

/// A client on an event loop, usable from asynchronous tests.
struct ClientHarness: Sendable {
    typealias Answer = Result<StatsAnswer, StatsError>

    let eventLoop: any EventLoop
    private let client: NIOLoopBound<StatsClient>

    init(_ address: StatsAddress, configure: @Sendable (inout StatsUpstream) -> Void = { _ in }) async throws {
        var upstream = StatsUpstream(address: address)
        // Tests of time choose their own: a busy machine must not make the others fail.
        upstream.timeout = .seconds(60)
        configure(&upstream)
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let described = upstream
        self.eventLoop = eventLoop
        client = try await eventLoop.submit {
            NIOLoopBound(StatsClient(eventLoop: eventLoop, upstream: described), eventLoop: eventLoop)
        }.get()
    }

    /// Makes a call and waits for its answer.
    func ask(_ call: StatsCall) async -> Answer {
        await withCheckedContinuation { continuation in
            let client = self.client
            eventLoop.execute {
                client.value.perform(call, for: OneAnswer { continuation.resume(returning: $0) }, ticket: 0)
            }
        }
    }

    /// Makes all calls in one turn of the event loop, and waits for all answers, in the order of the calls.
    func ask(_ calls: [StatsCall]) async -> [Answer] {
        await withCheckedContinuation { continuation in
            let client = self.client
            eventLoop.execute {
                let receiver = ManyAnswers(count: calls.count) { continuation.resume(returning: $0) }
                for (ticket, call) in calls.enumerated() {
                    client.value.perform(call, for: receiver, ticket: UInt64(ticket))
                }
            }
        }
    }

    /// Runs code with the client, on its event loop.
    func run<Value: Sendable>(_ body: @escaping @Sendable (StatsClient) -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            let client = self.client
            eventLoop.execute { continuation.resume(returning: body(client.value)) }
        }
    }

    /// The client itself; only for code that runs on its event loop.
    var clientOnItsLoop: StatsClient {
        client.value
    }

    func shutDown() async {
        await run { $0.shutDown() }
    }

    var counters: StatsClientCounters {
        get async { await run { $0.counters } }
    }
}

/// Takes one answer. A second one would resume a continuation twice, which traps.
final class OneAnswer: StatsAnswerReceiver {
    private let body: (ClientHarness.Answer) -> Void

    init(_ body: @escaping (ClientHarness.Answer) -> Void) {
        self.body = body
    }

    func receive(_ result: ClientHarness.Answer, for ticket: UInt64) {
        body(result)
    }
}

/// Takes the answers with tickets from 0 and hands them on when the last one has come.
final class ManyAnswers: StatsAnswerReceiver {
    private var answers: [ClientHarness.Answer?]
    private var missing: Int
    private let body: ([ClientHarness.Answer]) -> Void

    init(count: Int, _ body: @escaping ([ClientHarness.Answer]) -> Void) {
        answers = Array(repeating: nil, count: count)
        missing = count
        self.body = body
    }

    func receive(_ result: ClientHarness.Answer, for ticket: UInt64) {
        precondition(answers[Int(ticket)] == nil, "ticket \(ticket) was answered twice")
        answers[Int(ticket)] = result
        missing -= 1
        if missing == 0 { body(answers.compactMap { $0 }) }
    }
}

extension Result<StatsAnswer, StatsError> {
    /// The body as text.
    var text: String? {
        (try? get()).map { String(buffer: $0.body) }
    }

    /// The kind of error.
    var errorKind: StatsError.Kind? {
        error?.kind
    }

    /// The error.
    var error: StatsError? {
        switch self {
        case .success: nil
        case .failure(let error): error
        }
    }
}
