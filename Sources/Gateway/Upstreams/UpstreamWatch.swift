import HysteriaStats
import Logging
import Synchronization

/// Tells the operator when an upstream answers again, or not as it is configured now: one for all event loops, so that each is
/// told once.
final class UpstreamWatch: Sendable {
    /// The upstream.
    let name: String
    private let plainLogger: Logger
    /// Whether there are others from which it has to be told.
    private let isNamed = Atomic(false)
    /// Read with each answer, so it must cost nothing.
    private let isFailing = Atomic(false)
    private let usesFormer = Atomic(false)

    init(of name: String, logger: Logger) {
        self.name = name
        plainLogger = logger
    }

    /// Where messages about the upstream go, each with its name where there are several.
    var logger: Logger {
        guard isNamed.load(ordering: .relaxed) else { return plainLogger }
        var logger = plainLogger
        logger[metadataKey: "server"] = "\(name)"
        return logger
    }

    /// Has messages say which upstream they are about, or not.
    func setNamed(_ named: Bool) {
        isNamed.store(named, ordering: .relaxed)
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
