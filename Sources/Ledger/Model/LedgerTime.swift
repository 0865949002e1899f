/// A moment by two clocks: the wall clock, which can be set, and the time since boot, which cannot.
///
/// A moment is dated when it is folded: of the same boot, by the time since boot and what the wall clock says then, so that
/// a clock that is set right a little after boot dates what was seen before.
package struct LedgerTime: Hashable, Sendable {
    /// Milliseconds since 1970 by the wall clock.
    package var wall: Int64
    /// Milliseconds since boot, sleep included (CLOCK_BOOTTIME).
    package var boot: Int64
    /// Which boot: the first 64 bits of /proc/sys/kernel/random/boot_id; 0 where it cannot be read.
    package var bootID: UInt64

    package init(wall: Int64, boot: Int64, bootID: UInt64) {
        self.wall = wall
        self.boot = boot
        self.bootID = bootID
    }
}
