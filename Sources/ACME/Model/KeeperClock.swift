/// The time, which a test can make pass at once.
package protocol KeeperClock: Sendable {
    /// Seconds since 1970, by the wall clock: what is kept on disk has to mean the same after a restart.
    func now() -> Int64

    /// Returns after so many seconds, or at once when the task is cancelled.
    func sleep(_ seconds: Int64) async
}
