import ACME
import NIOConcurrencyHelpers
import NIOCore

/// What the event loops have in common for `/metrics`.
final class GatewayMetrics: Sendable {
    /// Asks an event loop what it has done.
    typealias CounterSource = @Sendable () -> EventLoopFuture<LoopCounters>
    /// Asks how each certificate is kept.
    typealias CertificateSource = @Sendable () async -> [CertificateStatus]

    /// The outcome of a reload.
    struct Reloads: Sendable {
        var accepted: UInt64 = 0
        var rejected: UInt64 = 0
    }

    /// When the gateway started, in seconds since 1970.
    let started: Int64
    private let reloadCounts = NIOLockedValueBox(Reloads())
    private let certificateFigures = NIOLockedValueBox(CertificateFigures())
    private let certificateSource = NIOLockedValueBox<CertificateSource?>(nil)
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

    /// Asks this from now on how certificates are kept; nil where none is.
    func setCertificateSource(_ source: CertificateSource?) {
        certificateSource.withLockedValue { $0 = source }
    }

    /// ``certificates``, with each as it is kept now.
    func certificates(on eventLoop: any EventLoop) -> EventLoopFuture<CertificateFigures> {
        guard let source = certificateSource.withLockedValue({ $0 }) else {
            return eventLoop.makeSucceededFuture(certificates)
        }
        let promise = eventLoop.makePromise(of: CertificateFigures.self)
        Task {
            let status = await source()
            var figures = certificates
            figures.certificates = status
            promise.succeed(figures)
        }
        return promise.futureResult
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
