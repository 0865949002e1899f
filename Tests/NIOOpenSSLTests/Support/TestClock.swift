import NIOConcurrencyHelpers
import NIOCore

/// A clock that stands still until a test moves it.
final class TestClock: Sendable {
    private let time = NIOLockedValueBox(NIODeadline.uptimeNanoseconds(1_000_000_000))

    var now: NIODeadline {
        time.withLockedValue { $0 }
    }

    func advance(by amount: TimeAmount) {
        time.withLockedValue { $0 = $0 + amount }
    }
}
