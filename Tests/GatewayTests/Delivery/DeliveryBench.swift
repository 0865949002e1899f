import NIOConcurrencyHelpers
import NIOCore
import NIOOpenSSL
import NIOPosix
import Time

@testable import Gateway
@testable import GatewayConfiguration
@testable import HTTPServer

/// The gateway on real sockets, and its access log.
struct DeliveryBench: Sendable {
    /// A line of the access log, as far as it matters here.
    struct Line: Sendable {
        var status: Int
        var isLost: Bool
    }

    private let pool: WorkerPool
    private let log: AccessLog
    private let lines: NIOLockedValueBox<[String: [Line]]>
    private let plain: Listener
    private let secure: Listener
    private let contexts: [TLSContext]

    init() async throws {
        let lines = NIOLockedValueBox<[String: [Line]]>([:])
        let logger = CapturedLog().logger
        log = AccessLog(
            format: .json,
            output: LogOutput { bytes in
                for line in String(buffer: bytes).split(separator: "\n") { Self.take(line, into: lines) }
                return true
            },
            logger: logger
        )
        self.lines = lines
        let clock = WallClock { 1_000 }
        // Nobody listens there: each call to Hysteria fails, a moment later.
        let configuration = """
            upstream: {address: 127.0.0.1:1, secret: some_secret}
            \(ConfigurationFixture.certificates)
            tokens: [{name: all, token: \(DeliverySequence.token), scopes: [traffic, online, streams, clear, kick]}]
            """
        let state = try ServingState(
            configuration: try ConfigurationFixture.load(configuration),
            identities: TLSIdentitySet([TLSIdentity.throwaway(names: ["localhost"])])
        )
        pool = try await WorkerPool(threads: 2) { [log] eventLoop in
            Worker(eventLoop: eventLoop, state: state, clock: clock, accessLog: log, logger: logger)
        }
        let setup = ConnectionSetup(
            workers: pool.boundWorkers,
            limits: Limits(),
            handshakes: 1_000,
            clock: clock,
            logger: logger
        )
        let address = ListenAddress(host: "127.0.0.1", port: 0)
        secure = try await Listener.bind(address, on: pool.boundWorkers) { channel, worker in
            setup.secure(channel, worker, listener: 0)
        }
        plain = try await Listener.bind(address, on: pool.boundWorkers) { channel, worker in
            channel.eventLoop.makeCompletedFuture {
                let worker = worker.value
                try channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: true)
                try channel.pipeline.syncOperations.addHandler(
                    HTTP1ServerHandler(
                        resources: worker.resources,
                        registry: worker.registry,
                        timeouts: worker.state.timeouts,
                        isSecure: false,
                        lingers: true,
                        exchange: APIExchange(context: worker.api, peer: channel.remoteAddress)
                    )
                )
            }
        }
        for listener in [secure, plain] { await listener.start() }
        contexts = try [["http/1.1"], ["h2"]].map {
            try .client(trust: .unverified, configuration: .intermediate(applicationProtocols: $0))
        }
    }

    private static func take(_ line: Substring, into lines: NIOLockedValueBox<[String: [Line]]>) {
        guard let address = text(of: "\"address\":\"", in: line), let status = text(of: "\"status\":", in: line) else {
            return
        }
        let entry = Line(status: Int(status) ?? 0, isLost: line.hasSuffix(",\"lost\":true}"))
        lines.withLockedValue { $0[address, default: []].append(entry) }
    }

    private static func text(of key: String, in line: Substring) -> String? {
        line.firstRange(of: key).map { String(line[$0.upperBound...].prefix { $0 != "\"" && $0 != "," }) }
    }

    /// What a caller gets who says this.
    func call(_ sequence: DeliverySequence, from address: String) async throws -> [UInt8] {
        let port = sequence.way == .plain ? plain.port : secure.port
        return try await DeliveryCaller.call(
            sequence,
            from: address,
            to: port,
            contexts,
            on: MultiThreadedEventLoopGroup.singleton
        )
    }

    /// Ends everything.
    ///
    /// - Returns: the lines of the access log, by the addresses of the callers.
    func end() async -> [String: [Line]] {
        await plain.close()
        await secure.close()
        _ = await pool.drain(limit: .seconds(60))
        await pool.shutDown()
        await log.close()
        return lines.withLockedValue { $0 }
    }
}
