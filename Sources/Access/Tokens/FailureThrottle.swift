import NIOCore

/// Counts failed attempts by address, and decides which exceed the rate limit.
///
/// Each address may fail ``burst`` times at once, and again every ``interval``. What is kept of an address is one
/// moment: when all of its failures have expired. A failure that is throttled is not counted, so a caller that keeps
/// failing still gets a plain refusal every ``interval``.
///
/// The memory is fixed, however many addresses there are: a table of sets with four places each. Where all places of a
/// set are taken, the entry that is closest to expiry is replaced, *and the newcomer inherits its failures*. So failing
/// from many addresses does not evict an entry: an entry allows the same number of failures in a time, whatever its
/// address. Such a flood only affects a stranger who fails as well and gets 429 a little earlier; a valid token never
/// comes here. Which addresses share a set follows from a secret of the process, so they cannot be chosen.
///
/// One per event loop, without locks: an address that spreads its connections has a budget on each loop.
package struct FailureThrottle {
    /// The failures that an address has at once: a person who mistypes a token, or a panel with an old one, gets 401
    /// and not 429.
    package static let burst = 10
    /// The time for which one failure is held against an address: ten a minute in the long run, the pace of a poller with
    /// a token that has expired.
    package static let interval = TimeAmount.seconds(6)

    /// 4,096 places of 24 bytes: 96 KiB for each event loop.
    private static let sets = 1024
    private static let ways = 4
    /// The debt of an address whose next failure exceeds the limit.
    private static let limit = interval * (burst - 1)

    private struct Place {
        var block: AddressBlock?
        /// When nothing is held against the address any more.
        var forgiven: NIODeadline
    }

    private let sets: Int
    private var places: [Place] = []

    /// The failed attempts so far, those that were throttled included.
    package private(set) var failures: UInt64 = 0
    /// The failed attempts that were throttled.
    package private(set) var throttled: UInt64 = 0

    /// - Parameter sets: the number of sets of places; a test wants few.
    package init(sets: Int = FailureThrottle.sets) {
        self.sets = sets
    }

    /// An attempt from this address has failed.
    ///
    /// - Returns: nil if that is not too often; otherwise the seconds, at least one, until it is not.
    package mutating func fail(_ block: AddressBlock?, now: NIODeadline) -> Int64? {
        failures += 1
        // A caller without an address is on this machine, by a Unix socket.
        guard let block else { return nil }
        let place = place(of: block, now: now)
        let debt = max(places[place].forgiven - now, .zero)
        guard debt <= Self.limit else {
            throttled += 1
            return (debt - Self.limit).roundedUpSeconds
        }
        places[place].block = block
        places[place].forgiven = now + debt + Self.interval
        return nil
    }

    /// The place of this address, or the one that is its to take.
    private mutating func place(of block: AddressBlock, now: NIODeadline) -> Int {
        // Made with the first failure: most gateways of this world see none for long.
        if places.isEmpty {
            places = Array(repeating: Place(block: nil, forgiven: now), count: sets * Self.ways)
        }
        var hasher = Hasher()
        hasher.combine(block)
        let start = Int(UInt(bitPattern: hasher.finalize()) % UInt(sets)) * Self.ways
        var earliest = start
        for place in start..<start + Self.ways {
            if places[place].block == block { return place }
            if places[place].forgiven < places[earliest].forgiven { earliest = place }
        }
        return earliest
    }
}

extension TimeAmount {
    fileprivate var roundedUpSeconds: Int64 { (nanoseconds + 999_999_999) / 1_000_000_000 }
}
