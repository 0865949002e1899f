import NIOCore

/// The handshakes in progress on one event loop, in the order in which their connections were accepted.
///
/// A list through the entries themselves: each operation takes the same time however many there are, and allocates
/// nothing.
struct HandshakeQueue {
    /// A connection whose handshake is in progress, as long as it stands in a queue.
    class Entry {
        /// The connection.
        final let channel: any Channel

        /// Whether the handshake is in progress: neither complete, nor closed to make room.
        fileprivate(set) final var isQueued = false
        fileprivate final var newer: Entry?
        /// The entry that owns this one through `newer`, so it lives as long as it is named here.
        fileprivate final unowned(unsafe) var older: Entry?

        init(_ channel: any Channel) {
            self.channel = channel
        }
    }

    /// The handshakes that a gateway has in progress at once.
    ///
    /// It bounds what a flood costs open connections: 48 KiB for each handshake that is half done, and, if all ask for
    /// their signature at once, a third of a millisecond each before the next request has its turn. docs/performance.md
    /// has the measurements.
    private static let limit = 1024
    /// The fewest that an event loop has in progress, so that simultaneous callers do not displace each other.
    private static let smallestShare = 64

    /// The share of each of so many event loops.
    static func share(eventLoops: Int) -> Int {
        max(limit / max(eventLoops, 1), smallestShare)
    }

    /// How many there are.
    private(set) var count = 0
    private var oldest: Entry?
    private var newest: Entry?

    /// Appends an entry, which must not be in a queue yet.
    mutating func append(_ entry: Entry) {
        entry.isQueued = true
        entry.older = newest
        newest?.newer = entry
        newest = entry
        if oldest == nil { oldest = entry }
        count += 1
    }

    /// Takes an entry out, if it is still here.
    mutating func remove(_ entry: Entry) {
        guard entry.isQueued else { return }
        if let older = entry.older { older.newer = entry.newer } else { oldest = entry.newer }
        if let newer = entry.newer { newer.older = entry.older } else { newest = entry.older }
        entry.isQueued = false
        entry.older = nil
        entry.newer = nil
        count -= 1
    }

    /// Takes the entry out that has been here longest.
    mutating func removeOldest() -> Entry? {
        guard let oldest else { return nil }
        remove(oldest)
        return oldest
    }
}
