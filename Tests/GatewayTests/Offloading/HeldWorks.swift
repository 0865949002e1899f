import NIOConcurrencyHelpers

@testable import Gateway

/// Takes the place of the threads: counts works, and does them when it is told to.
final class HeldWorks: Sendable {
    private let held = NIOLockedValueBox<[@Sendable () -> Void]>([])
    private let total = NIOLockedValueBox(0)

    /// Where works are brought.
    var offLoop: OffLoop {
        OffLoop { [self] work in
            held.withLockedValue { $0.append(work) }
            total.withLockedValue { $0 += 1 }
        }
    }

    /// How many came so far.
    var count: Int { total.withLockedValue { $0 } }

    /// Does those that were brought, on this thread.
    func release() {
        let works = held.withLockedValue { held in
            defer { held = [] }
            return held
        }
        for work in works { work() }
    }
}
