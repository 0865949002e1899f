import Glibc

/// The time of day, which a test can hold.
public struct WallClock: Sendable {
    private let read: @Sendable () -> Int64

    /// A clock that reads seconds since 1970 from `read`.
    public init(_ read: @escaping @Sendable () -> Int64) {
        self.read = read
    }

    /// Seconds since 1970.
    public func now() -> Int64 { read() }

    /// The system's clock.
    public static let system = WallClock { Int64(time(nil)) }
}
