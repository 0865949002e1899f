import Glibc

/// The time of day, which a test can hold.
package struct WallClock: Sendable {
    private let read: @Sendable () -> Int64

    /// A clock that reads seconds since 1970 from `read`.
    package init(_ read: @escaping @Sendable () -> Int64) {
        self.read = read
    }

    /// Seconds since 1970.
    package func now() -> Int64 { read() }

    /// The system's clock.
    package static let system = WallClock { Int64(time(nil)) }
}
