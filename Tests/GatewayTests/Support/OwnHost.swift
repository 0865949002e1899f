import NIOConcurrencyHelpers

/// Addresses of this machine where nobody else listens: a port that the system has chosen there stays free when it is
/// closed, where at 127.0.0.1 the system may give it to the next test.
enum OwnHost {
    private static let count = NIOLockedValueBox(0)

    /// Another one each time.
    static func next() -> String {
        let number = count.withLockedValue { count in
            count += 1
            return count
        }
        return "127.66.\(number / 250).\(number % 250 + 1)"
    }
}
