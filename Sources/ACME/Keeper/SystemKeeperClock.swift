import Time

/// The system's clock. It is the wall clock that counts: a moment on disk has to mean the same after a restart.
package struct SystemKeeperClock: KeeperClock {
    package init() {}

    package func now() -> Int64 { WallClock.system.now() }

    package func sleep(_ seconds: Int64) async {
        // Cancelled: whoever sleeps looks for himself.
        try? await Task.sleep(for: .seconds(seconds))
    }
}
