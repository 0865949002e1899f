import GatewayConfiguration
import Logging
import NIOOpenSSL
import Time

/// Reads the configuration and all that it depends on again when there is a reason to, and makes the gateway serve from
/// it if it is valid as a whole. Otherwise nothing changes.
///
/// Not `Sendable`: it is used by one task.
final class Reloader {
    private let source: StateSource
    private let running: Configuration
    private let ticketKeys: TicketKeyRefresh
    private let timing: ReloadTiming
    private let wait: @Sendable (Duration) async throws -> Void
    private let clock: WallClock
    private let logger: Logger
    private let watch: (Set<String>) -> Void
    private let stamp: (String) -> FileStamp?
    private let adopt: (ServingState) async -> Void
    private let reject: () -> Void

    private var machine = ReloadStateMachine<[String: FileStamp]>()
    private var expiry = ExpiryWatch()
    private var isRejected = false
    private var waiting: [String] = []

    /// What is served from.
    private(set) var state: ServingState

    /// - Parameters:
    ///   - state: What is served from.
    ///   - ticketKeys: Keeps the keys of session tickets fresh; nil to do so with a reload alone.
    ///   - wait: Waits for so long.
    ///   - watch: Called with the files that matter before they are looked at.
    ///   - stamp: Looks at a file.
    ///   - adopt: Makes the gateway serve from another state.
    ///   - reject: Called when a configuration is rejected.
    init(
        source: StateSource,
        state: ServingState,
        ticketKeys: TicketKeyRefresh? = nil,
        timing: ReloadTiming,
        wait: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        clock: WallClock,
        logger: Logger,
        watch: @escaping (Set<String>) -> Void,
        stamp: @escaping (String) -> FileStamp? = FileStamp.init(path:),
        adopt: @escaping (ServingState) async -> Void,
        reject: @escaping () -> Void = {}
    ) {
        self.source = source
        self.state = state
        running = state.configuration
        self.ticketKeys = ticketKeys ?? TicketKeyRefresh(keys: state.ticketKeys, logger: logger)
        self.timing = timing
        self.wait = wait
        self.clock = clock
        self.logger = logger
        self.watch = watch
        self.stamp = stamp
        self.adopt = adopt
        self.reject = reject
    }

    /// Does what the reasons call for, and returns when the files have been dealt with as they are.
    func handle(_ reasons: ReloadTriggers.Reasons) async {
        let isDemanded = reasons.contains(.demand)
        var candidate: ServingState?
        var refusal = ""
        var action =
            isDemanded
            ? machine.demanded() : reasons.contains(.time) ? machine.timePassed(look()) : machine.looked(look())
        while !Task.isCancelled {
            switch action {
            case .settle:
                try? await wait(timing.settling)
                action = machine.looked(look())
                continue
            case .load:
                let before = look()
                let outcome: ReloadStateMachine<[String: FileStamp]>.Outcome
                do throws(StateSource.LoadError) {
                    candidate = try source.load(after: state)
                    outcome = .success
                } catch {
                    refusal = error.description
                    outcome = error.isIncomplete ? .incomplete(refusal) : .failure(refusal)
                }
                action = machine.loaded(outcome, before: before, after: look())
                continue
            case .commit:
                if let candidate { await commit(candidate, isDemanded: isDemanded) }
            case .reject:
                isRejected = true
                reject()
                logger.error(
                    "the configuration is rejected; the last good one stays in effect",
                    metadata: ["reason": "\(refusal)"]
                )
            case .await:
                logger.info(
                    "a certificate and its key do not match yet: waiting for the rest of the renewal",
                    metadata: ["reason": "\(refusal)"]
                )
            case .wait, .keep:
                break
            }
            break
        }
        warnOfExpiry()
    }

    private func look() -> [String: FileStamp] {
        let files = state.files
        watch(files)
        var stamps: [String: FileStamp] = [:]
        for file in files { stamps[file] = stamp(file) }
        return stamps
    }

    private func commit(_ new: ServingState, isDemanded: Bool) async {
        let old = state
        let difference = ConfigurationDifference(
            running: running,
            from: old.loaded(),
            to: new.loaded(hasOtherTicketKeys: ticketKeys.refresh())
        )
        state = new
        await adopt(new)
        ServingWarnings(new, since: old, now: clock.now()).log(to: logger)
        if isDemanded || isRejected || !difference.taken.isEmpty {
            let changed = difference.taken.isEmpty ? "nothing" : difference.taken.joined(separator: ", ")
            logger.info("reloaded", metadata: ["changed": "\(changed)"])
        }
        isRejected = false
        if !difference.waiting.isEmpty, isDemanded || difference.waiting != waiting {
            logger.warning(
                "some changes of the configuration need a restart",
                metadata: ["keys": "\(difference.waiting.joined(separator: ", "))"]
            )
        }
        waiting = difference.waiting
    }

    private func warnOfExpiry() {
        let leaves = state.identities.identities.map(\.leaf)
        for (certificate, stage) in expiry.warnings(of: leaves, now: clock.now()) {
            let identity = state.identities.identities.first { $0.leaf == certificate }
            let left = max(certificate.notAfter - clock.now(), 0)
            let metadata: Logger.Metadata = [
                "certificate": "\(identity?.certificateSource ?? certificate.subject)",
                "certificate-expires": "\(CivilTime(certificate.notAfter).internetText)",
                "certificate-hours-left": "\(left / 3600)",
            ]
            switch stage {
            case .due: logger.warning("a certificate is due for renewal", metadata: metadata)
            case .near: logger.warning("a certificate expires soon: is its renewal running?", metadata: metadata)
            case .expired: logger.error("a certificate has expired: renew it", metadata: metadata)
            }
        }
    }
}

extension ServingState {
    /// What was loaded to make this state.
    ///
    /// - Parameter hasOtherTicketKeys: Whether the file of ticket keys has others in it than those used so far.
    fileprivate func loaded(hasOtherTicketKeys: Bool = false) -> LoadedConfiguration {
        LoadedConfiguration(
            configuration,
            certificates: identities.identities.map { [$0.leaf] + $0.chain },
            clientVerification: clientVerification,
            listeners: listeners.map { ($0.settings, $0.clientVerification) },
            hasOtherTicketKeys: hasOtherTicketKeys
        )
    }
}
