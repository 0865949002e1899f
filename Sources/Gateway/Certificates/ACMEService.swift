import ACME
import GatewayConfiguration
import Glibc
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOOpenSSL
import NIOPosix

/// The certificates that the gateway gets by itself: keeps them, and shows proofs, those of a Hysteria beside it as well.
///
/// It writes files only. The reload takes them as it takes those of anybody else.
final class ACMEService: StateReceiver {
    private let desk: ProofDesk
    private let metrics: GatewayMetrics
    private let log: ACMELog
    private let keeper = NIOLockedValueBox<CertificateKeeper?>(nil)
    private let changes: AsyncStream<ServingState>
    private let changed: AsyncStream<ServingState>.Continuation

    /// - Parameter proofs: What all listeners answer from.
    init(proofs: ProofTable, metrics: GatewayMetrics, logger: Logger) {
        log = ACMELog(logger: logger)
        desk = ProofDesk(table: proofs, clock: SystemKeeperClock()) { [logger] in logger.warning("\($0)") }
        self.metrics = metrics
        (changes, changed) = AsyncStream.makeStream()
    }

    /// Works until the task is cancelled.
    ///
    /// - Parameters:
    ///   - state: What is served from at first.
    ///   - eventLoop: Where the kernel's messages about folders are read.
    func run(_ state: ServingState, on eventLoop: any EventLoop) async {
        changed.yield(state)
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await self.desk.follow(on: eventLoop) }
            tasks.addTask { await self.keep() }
            await tasks.waitForAll()
        }
    }

    func adopt(_ state: ServingState) async { changed.yield(state) }

    /// Tries those again that wait after a failure: the operator says that the reason is gone.
    func demand() {
        guard let keeper = keeper.withLockedValue({ $0 }) else { return }
        Task { await keeper.demand() }
    }

    private func keep() async {
        var work: Task<Void, Never>?
        for await state in changes {
            let settings = state.configuration.acme
            metrics.updateCertificates { $0.awaited = state.awaited }
            desk.apply(
                folder: settings.map(ProofFolder.init),
                dns: settings?.dns,
                host: state.configuration.hostChallenges
            )
            if let settings { await letGroupIn(settings) }
            if let settings, let keeper = keeper.withLockedValue({ $0 }) {
                await keeper.apply(settings)
            } else if let settings {
                let made = CertificateKeeper(settings, environment: environment)
                keeper.withLockedValue { $0 = made }
                metrics.setCertificateSource { [weak made] in await made?.status ?? [] }
                work = Task { await made.run() }
            } else {
                work?.cancel()
                await work?.value
                work = nil
                keeper.withLockedValue { $0 = nil }
                metrics.setCertificateSource(nil)
            }
        }
        // What is under way is kept, and gone on with after the next start.
        work?.cancel()
        await work?.value
    }

    /// The group may have been configured since the certificates came.
    private func letGroupIn(_ settings: ACMESettings) async {
        guard settings.group != nil else { return }
        let store = CertificateStore(folder: settings.folder, group: settings.group)
        for authority in settings.authorities {
            for identifiers in settings.certificates {
                do throws(StoreError) {
                    try await store.letGroupIn(StorePlace(authority, identifiers))
                } catch {
                    log.logger.warning("\(error)")
                }
            }
        }
    }

    private var environment: KeeperEnvironment {
        .system(showing: desk, log: log) { [metrics] event in metrics.updateCertificates { $0.count(event) } }
    }
}

extension KeeperEnvironment {
    /// The world as it is.
    ///
    /// - Parameters:
    ///   - desk: Who shows proofs; it knows the folder and the command for records by itself.
    ///   - whenHappened: Is told of each event, after the log.
    static func system(
        showing desk: ProofDesk,
        log: ACMELog,
        whenHappened: @escaping @Sendable (ACMEEvent) -> Void
    ) -> KeeperEnvironment {
        KeeperEnvironment(
            clock: SystemKeeperClock(),
            tools: OpenSSLCertificateTools(),
            makeStore: { settings in
                CertificateStore(folder: settings.folder, group: settings.group) { log.logger.warning("\($0)") }
            },
            makeProofs: { _ in desk },
            makeTransport: { AuthorityClient.of($0) },
            onEvent: { event in
                log.write(event)
                whenHappened(event)
            }
        )
    }
}

extension AuthorityClient {
    /// A client for an authority, which says who asks (RFC 8555, 6.1).
    static func of(_ authority: AuthoritySettings) -> AuthorityClient {
        AuthorityClient(
            group: MultiThreadedEventLoopGroup.singleton,
            trust: authority.trust,
            userAgent: "hysteria-gateway/\(GatewayVersion.number) (linux; \(OpenSSLVersion.description))"
        )
    }
}

extension ProofFolder {
    /// The proofs of these settings.
    init(_ settings: ACMESettings) { self.init(path: "\(settings.folder)/challenges", process: getpid()) }
}

extension ProofTable: ChallengeResponder {}

extension Configuration {
    /// The proofs of Hysteria, if it gets certificates by itself.
    var hostChallenges: HostChallenges? {
        let directories = self[HysteriaSection.self]?.file.acmeDirectories ?? []
        let found = directories.first { if case .success = FileAccess.system.status($0) { true } else { false } }
        return (found ?? directories.first).map { HostChallenges(directory: $0) }
    }
}
