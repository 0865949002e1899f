import HysteriaStats
import Logging
import Synchronization

/// Tells the operator when Hysteria answers again, or not as it is configured now: one for all event loops, so that each is
/// told once.
final class UpstreamWatch: Sendable {
    private let logger: Logger
    /// Read with each answer, so it must cost nothing.
    private let isFailing = Atomic(false)
    private let usesFormer = Atomic(false)

    init(logger: Logger) {
        self.logger = logger
    }

    /// A failure of Hysteria was logged.
    func failed() {
        isFailing.store(true, ordering: .relaxed)
    }

    /// Hysteria gave an answer.
    func answered(_ address: @autoclosure () -> StatsAddress) {
        guard isFailing.load(ordering: .relaxed) else { return }
        guard isFailing.exchange(false, ordering: .relaxed) else { return }
        logger.notice("Hysteria's stats API at \(address()) answers again")
    }

    /// Hysteria answers as it was configured before, and refuses what is configured now.
    func former(_ address: StatsAddress, _ refusal: StatsError) {
        guard !usesFormer.exchange(true, ordering: .relaxed) else { return }
        logger.warning(
            """
            Hysteria answers at \(address) as it was configured before: restart it (systemctl restart hysteria-server), \
            as it takes a new trafficStats.listen and secret only then
            """,
            metadata: ["reason": "\(refusal)"]
        )
    }

    /// The gateway is configured as before again.
    func restored() {
        usesFormer.store(false, ordering: .relaxed)
    }

    /// Hysteria answers as it is configured now.
    func present(_ address: StatsAddress) {
        guard usesFormer.exchange(false, ordering: .relaxed) else { return }
        logger.notice("Hysteria's stats API at \(address) answers as it is configured now")
    }
}
