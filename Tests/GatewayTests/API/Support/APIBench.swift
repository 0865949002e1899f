import DescribedAPI
import HysteriaSimulator
import HysteriaStats
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import OwnHosts
import Testing
import Time

@testable import Access
@testable import Gateway
@testable import GatewayConfiguration
@testable import HTTPServer

/// The calls of the gateway over a simulated Hysteria, without connections of callers.
struct APIBench: Sendable {
    /// What a caller got.
    struct Answer: Sendable {
        var status: Int
        var contentType: String?
        var bytes: [UInt8]
        var fields: [String: String]

        /// The content as text.
        var body: String { String(decoding: bytes, as: UTF8.self) }

        static let none = Answer(status: 0, bytes: [], fields: [:])
    }

    /// What becomes of an answer.
    enum Fate {
        case delivered
        /// It is handed to the connection and does not leave it.
        case lost
        /// The caller is gone before it is there.
        case abandoned
    }

    static let token = "hg_all-0123456789abcdefghij"
    static let limited = "hg_limited-0123456789abcdef"
    /// Good from 198.51.100.0/24 alone.
    static let nearby = "hg_nearby-0123456789abcdef"
    /// Reads `/metrics`, and nothing else.
    static let monitor = "hg_monitor-0123456789abcdef"
    /// Reads `/metrics`, and sees one user.
    static let customer = "hg_customer-0123456789abcdef"
    static let secret = "the secret of Hysteria"

    private static let tokens: [TokenEntry] = [
        .sample("all", token, scopes: [.traffic, .online, .streams, .clear, .kick]),
        .sample(
            "limited",
            limited,
            scopes: [.traffic, .online, .streams, .clear, .kick],
            users: ["wang", "ann\u{E9}"]
        ),
        .sample("traffic", "hg_traffic-0123456789abcdef", scopes: [.traffic]),
        .sample("monitor", monitor, scopes: [.metrics]),
        .sample("customer", customer, scopes: [.metrics], users: ["wang", "nobody"]),
        .sample("expired", "hg_expired-0123456789abcdef", scopes: [.traffic], expires: 1_000),
    ]

    static let standardUsers = [
        SimulatedUser(name: "wang", devices: 2, tx: 514, rx: 4017),
        SimulatedUser(name: "other", devices: 1, tx: 1, rx: 2),
        SimulatedUser(name: "ann\u{E9}", devices: 1, tx: 3, rx: 4),
    ]

    let hysteria: HysteriaSimulator
    let log: CapturedLog
    private let eventLoop: any EventLoop
    private let api: NIOLoopBound<LoopContext>

    /// Makes a bench for as long as `body` takes.
    ///
    /// The timeout is no part of most tests, so it is one that no busy machine comes near.
    ///
    /// - Returns: the lines of the access log.
    @discardableResult
    static func with(
        users: [SimulatedUser] = standardUsers,
        timeout: TimeAmount = .minutes(1),
        answerLimit: Int = 1 << 20,
        metrics: MetricsSettings = MetricsSettings(),
        origins: AllowedOrigins = .none,
        offLoop: OffLoop = .none,
        _ body: (APIBench) async throws -> Void
    ) async throws -> [String] {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let hysteria = try await HysteriaSimulator.start(
            .init(secret: Secret(secret), users: users, now: { 1_000_000_000 }, host: OwnHost.next()),
            on: eventLoop
        )
        let log = CapturedLog()
        let accessLines = NIOLockedValueBox<[String]>([])
        let accessLog = AccessLog(
            format: .text,
            output: LogOutput { lines in
                accessLines.withLockedValue { $0 += String(buffer: lines).split(separator: "\n").map(String.init) }
                return true
            },
            logger: log.logger
        )
        let api = try await eventLoop.submit {
            let upstream = StatsUpstream(
                address: hysteria.address,
                secret: try Secret(secret),
                timeout: timeout,
                answerLimit: answerLimit
            )
            let nearby = TokenEntry.sample("nearby", Self.nearby, addresses: [try AddressRange("198.51.100.0/24")])
            let api = LoopContext(
                tokens: TokenTable(tokens + [nearby]),
                client: StatsClient(eventLoop: eventLoop, upstream: upstream),
                metrics: metrics,
                gatewayMetrics: GatewayMetrics(started: 1_000),
                offLoop: offLoop,
                clock: WallClock { 2_000 },
                uptime: { .uptimeNanoseconds(2_000) },
                accessLog: AccessLogBuffer(log: accessLog, eventLoop: eventLoop),
                logger: log.logger
            )
            api.origins = origins
            return NIOLoopBound(api, eventLoop: eventLoop)
        }.get()
        let bench = APIBench(hysteria: hysteria, log: log, eventLoop: eventLoop, api: api)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(bench))
        } catch {
            result = .failure(error)
        }
        try await eventLoop.submit {
            api.value.upstreams.shutDown()
            api.value.accessLog?.flush()
        }.get()
        await accessLog.close()
        await hysteria.shutDown()
        try result.get()
        return accessLines.withLockedValue { $0 }
    }

    /// Sends one request and waits for its answer; its status is 0 where there is none. An answer has to be as the
    /// description of the API has it.
    func ask(
        _ request: String,
        token: String? = token,
        fields: [String] = [],
        body: String = "",
        from address: String = "192.0.2.7",
        fate: Fate = .delivered,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async -> Answer {
        var lines = ["\(request) HTTP/1.1", "Host: a"] + fields
        if let token { lines.append("Authorization: Bearer \(token)") }
        let head = lines.joined(separator: "\r\n") + "\r\n\r\n"
        let answer = try? await eventLoop.flatSubmit { [eventLoop, api] in
            let promise = eventLoop.makePromise(of: Answer.self)
            let peer = try? SocketAddress(ipAddress: address, port: 4711)
            let caller = BenchCaller(APIExchange(context: api.value, peer: peer), fate, promise)
            caller.begin(head, body)
            return promise.futureResult
        }.get()
        guard let answer, answer.status > 0 else { return .none }
        #expect(Self.complaint(about: answer, to: request) == nil, sourceLocation: sourceLocation)
        return answer
    }

    /// Sends the same request several times in one turn of the event loop.
    func askAtOnce(_ count: Int, _ request: String, token: String = token) async throws -> [Answer] {
        let head = "\(request) HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n\r\n"
        return try await eventLoop.flatSubmit { [eventLoop, api] in
            let answers = (0..<count).map { _ in
                let promise = eventLoop.makePromise(of: Answer.self)
                BenchCaller(APIExchange(context: api.value, peer: nil), .delivered, promise).begin(head, "")
                return promise.futureResult
            }
            return EventLoopFuture.whenAllSucceed(answers, on: eventLoop)
        }.get()
    }

    private static func complaint(about answer: Answer, to request: String) -> String? {
        // Every answer has these once it is in bytes.
        let standing = ["Date", "Cache-Control", "X-Content-Type-Options", "Strict-Transport-Security"]
        let line = request.split(separator: " ")
        let type = answer.body.firstMatch(of: /^{"type":"([^"]+)"/)
        do {
            return try DescribedAPI.shared.get().complaint(
                method: String(line[0]),
                target: String(line[1]),
                status: answer.status,
                contentType: answer.contentType,
                fields: answer.fields.keys + standing,
                problem: type.map { String($0.1) }
            )
        } catch {
            return "\(error)"
        }
    }
}

/// Takes the place of a connection.
private final class BenchCaller: ResponseSink {
    private let exchange: APIExchange
    private let fate: APIBench.Fate
    private let promise: EventLoopPromise<APIBench.Answer>

    init(_ exchange: APIExchange, _ fate: APIBench.Fate, _ promise: EventLoopPromise<APIBench.Answer>) {
        self.exchange = exchange
        self.fate = fate
        self.promise = promise
    }

    func begin(_ head: String, _ body: String) {
        do {
            let head = try HTTP1HeadParser.parse(ByteBuffer(string: head))
            var step = exchange.begin(head.request, answeringTo: self)
            if case .readBody = step { step = exchange.resume(body: ByteBuffer(string: body), answeringTo: self) }
            switch step {
            case .respond(let response): send(response)
            case .wait where fate == .abandoned:
                exchange.abandon()
                promise.succeed(.none)
            case .wait, .readBody: break
            }
        } catch {
            promise.fail(error)
        }
    }

    func send(_ response: Response) {
        if fate == .lost { response.onLoss?() }
        let report = exchange.didAnswer(status: response.status, contentLength: response.body.readableBytes)
        report?(fate == .lost)
        promise.succeed(
            APIBench.Answer(
                status: response.status.rawValue,
                contentType: response.contentType?.description,
                bytes: Array(buffer: response.body),
                fields: Dictionary(response.fields.map { ($0.name.description, $0.value) }) { $1 }
            )
        )
    }
}
