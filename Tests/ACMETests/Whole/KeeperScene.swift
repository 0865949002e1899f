import AuthoritySimulator
import Foundation
import NIOConcurrencyHelpers
import NIOPosix

@testable import ACME

/// A keeper with a simulated authority: real connections, files, proofs and certificates, and time that passes when the keeper waits.
final class KeeperScene: Sendable {
    /// What both take for the time.
    final class Clock: KeeperClock {
        private let time = NIOLockedValueBox<Int64>(1_800_000_000)
        let slept = NIOLockedValueBox<[Int64]>([])

        func now() -> Int64 { time.withLockedValue { $0 } }

        func pass(_ seconds: Int64) { time.withLockedValue { $0 += seconds } }

        func sleep(_ seconds: Int64) async {
            guard !Task.isCancelled else { return }
            // Time passes in the simulator as well, which has its own thread.
            try? await Task.sleep(for: .milliseconds(2))
            slept.withLockedValue { $0.append(seconds) }
            pass(seconds)
        }
    }

    let clock = Clock()
    let table = ProofTable()
    let listeners: ProofListeners
    let authority: AuthoritySimulator
    let keeper: CertificateKeeper
    let store: CertificateStore
    let scratch: ScratchFolder
    let events: AsyncStream<ACMEEvent>
    private let folder: String

    init(
        _ certificates: [[String]],
        proofs: [ProofKind] = [.tls, .http],
        host: String = "127.0.0.1",
        externalAccount: ExternalAccountSettings? = nil,
        _ change: (inout AuthorityBehaviour) -> Void = { _ in }
    ) async throws {
        let scratch = try ScratchFolder()
        self.scratch = scratch
        folder = scratch.path
        listeners = try await ProofListeners(table, host: host)
        var configuration = AuthoritySimulator.Configuration(
            httpPort: listeners.httpPort,
            tlsPort: listeners.tlsPort
        )
        let clock = clock
        configuration.now = { clock.now() }
        configuration.resolve = { _ in host }
        let path = scratch.path
        configuration.textRecords = { name in
            let text = FileManager.default.contents(atPath: "\(path)/records/\(name)")
            return text.map { String(decoding: $0, as: UTF8.self).split(separator: "\n").map(String.init) } ?? []
        }
        change(&configuration.behaviour)
        authority = try await AuthoritySimulator.start(configuration)
        try scratch.write(authority.trustPEM, to: "trust.pem")
        try scratch.write("", to: "records/none")
        let hook = try scratch.script(
            """
            case $1 in
            present) echo "$3" >>"\(path)/records/${2%.}" ;;
            cleanup) rm -f "\(path)/records/${2%.}" ;;
            esac
            """
        )
        let dns = DNSSettings(command: hook, wait: 30)
        let desk = ProofDesk(table: table, folder: ProofFolder(path: "\(path)/challenges", process: 1), clock: clock)
        desk.apply(folder: ProofFolder(path: "\(path)/challenges", process: 1), dns: dns, host: nil)
        let (events, sink) = AsyncStream.makeStream(of: ACMEEvent.self)
        self.events = events
        let store = CertificateStore(folder: "\(path)/acme")
        self.store = store
        let settings = ACMESettings(
            certificates: try certificates.map { try $0.map { try Identifier($0) } },
            authorities: [
                AuthoritySettings(
                    directory: authority.directoryURL,
                    name: "simulated",
                    trust: "\(path)/trust.pem",
                    externalAccount: externalAccount
                )
            ],
            proofKinds: proofs,
            dns: dns,
            folder: "\(path)/acme"
        )
        keeper = CertificateKeeper(
            settings,
            environment: KeeperEnvironment(
                clock: clock,
                tools: OpenSSLCertificateTools(),
                makeStore: { _ in store },
                makeProofs: { _ in desk },
                makeTransport: { authority in
                    AuthorityClient(
                        group: MultiThreadedEventLoopGroup.singleton,
                        trust: authority.trust,
                        userAgent: "hysteria-gateway/test (linux)"
                    )
                },
                // Longer than in earnest: days of waiting are to take no time.
                tick: 1500...2100,
                onEvent: { sink.yield($0) }
            )
        )
    }

    /// Runs the keeper until this is true of the events so far. Returns all of them.
    func run(until isEnough: @Sendable ([ACMEEvent]) async -> Bool) async -> [ACMEEvent] {
        let running = Task { await keeper.run() }
        var seen: [ACMEEvent] = []
        for await event in events {
            seen.append(event)
            if await isEnough(seen) { break }
        }
        running.cancel()
        await running.value
        return seen
    }

    /// Runs until so many certificates are in use.
    func obtain(_ count: Int = 1) async -> [ACMEEvent] {
        await run { $0.count { $0.isObtained } >= count }
    }

    func close() async throws {
        await authority.shutDown()
        try await listeners.close()
    }
}

extension ACMEEvent {
    var isObtained: Bool {
        if case .obtained = self { true } else { false }
    }

    /// The problem of a failed attempt.
    var refusal: AttemptProblem? {
        if case .refused(_, let problem, _, _, _, _, _) = self { problem } else { nil }
    }
}
