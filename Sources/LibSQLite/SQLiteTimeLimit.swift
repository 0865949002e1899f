import CSQLite
import Glibc

/// Interrupts the statements of a connection after some time, for as long as this object lives.
final class SQLiteTimeLimit {
    /// How many steps of SQLite's virtual machine lie between two looks at the clock: some 50 µs.
    private static let steps: Int32 = 2000

    private let connection: OpaquePointer
    /// Nanoseconds of the monotonic clock.
    private let end: UInt64

    init(milliseconds: Int, of connection: OpaquePointer) {
        self.connection = connection
        end = Self.now() &+ UInt64(clamping: milliseconds) &* 1_000_000
        // The object takes the handler away before it goes.
        sqlite3_progress_handler(
            connection,
            Self.steps,
            { context in
                guard let context else { return 0 }
                let limit = Unmanaged<SQLiteTimeLimit>.fromOpaque(context).takeUnretainedValue()
                return SQLiteTimeLimit.now() >= limit.end ? 1 : 0
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    deinit {
        sqlite3_progress_handler(connection, 0, nil, nil)
    }

    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
