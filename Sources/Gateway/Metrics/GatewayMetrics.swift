import NIOConcurrencyHelpers
import NIOCore

/// What the event loops have in common for `/metrics`.
final class GatewayMetrics: Sendable {
    /// Asks an event loop what it has done.
    typealias CounterSource = @Sendable () -> EventLoopFuture<LoopCounters>

    /// The outcome of a reload.
    struct Reloads: Sendable {
        var accepted: UInt64 = 0
        var rejected: UInt64 = 0
    }

    /// When the gateway started, in seconds since 1970.
    let started: Int64
    private let reloadCounts = NIOLockedValueBox(Reloads())
    private let certificateFigures = NIOLockedValueBox(CertificateFigures())
    private let sources = NIOLockedValueBox<[CounterSource]>([])

    init(started: Int64 = 0) {
        self.started = started
    }

    /// The outcome of a reload.
    var reloads: Reloads { reloadCounts.withLockedValue { $0 } }

    /// Counts a reload.
    func countReload(isAccepted: Bool) {
        reloadCounts.withLockedValue {
            if isAccepted { $0.accepted += 1 } else { $0.rejected += 1 }
        }
    }

    /// Certificates that are got by themselves, and those that are awaited.
    var certificates: CertificateFigures { certificateFigures.withLockedValue { $0 } }

    /// Changes them.
    func updateCertificates(_ change: (inout CertificateFigures) -> Void) {
        certificateFigures.withLockedValue { change(&$0) }
    }

    /// Asks these event loops from now on. They retain this, so they must be removed at the end.
    func setSources(_ sources: [CounterSource]) {
        self.sources.withLockedValue { $0 = sources }
    }

    /// Asks each event loop what it has done, and adds it up.
    func gather(on eventLoop: any EventLoop) -> EventLoopFuture<LoopCounters> {
        let answers = sources.withLockedValue { $0 }.map { $0() }
        return EventLoopFuture.whenAllSucceed(answers, on: eventLoop).map { all in
            var sum = LoopCounters()
            for counters in all { sum.add(counters) }
            return sum
        }
    }
}
