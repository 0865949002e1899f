import NIOConcurrencyHelpers

/// Reasons to check the configuration, from any thread, for the reload loop.
///
/// Reasons that come while one is being worked on are joined: however many signals there are, none is lost and nothing
/// piles up.
final class ReloadTriggers: Sendable {
    /// Reasons.
    struct Reasons: OptionSet, Sendable {
        let rawValue: UInt8

        /// The operator said so.
        static let demand = Reasons(rawValue: 1)
        /// The kernel reported a change.
        static let change = Reasons(rawValue: 2)
        /// Time has passed.
        static let time = Reasons(rawValue: 4)
    }

    private let pending = NIOLockedValueBox(Reasons())
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    init() {
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// There is a reason.
    func pull(_ reason: Reasons) {
        pending.withLockedValue { $0.formUnion(reason) }
        wake.yield()
    }

    /// Calls `body` with the reasons that have come up, until the task is cancelled.
    func forEach(_ body: (Reasons) async -> Void) async {
        for await _ in wakes {
            let reasons = pending.withLockedValue { pending in
                defer { pending = [] }
                return pending
            }
            if !reasons.isEmpty { await body(reasons) }
        }
    }
}
