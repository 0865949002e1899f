/// One answer of Hysteria's counters, as it came: names are bytes and may come more than once.
///
/// All names lie in one array, so that a reading of 50,000 users is three allocations and not 50,000.
package struct LedgerReading: Hashable, Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private var counters: [Traffic] = []

    package init(expecting users: Int = 0) {
        ends.reserveCapacity(users)
        counters.reserveCapacity(users)
        bytes.reserveCapacity(users * 12)
    }

    /// How many entries it has.
    package var count: Int { counters.count }

    package mutating func append(_ name: String, up: UInt64, down: UInt64) {
        var name = name
        name.withUTF8 { bytes.append(contentsOf: $0) }
        close(up, down)
    }

    package mutating func append(_ name: some Collection<UInt8>, up: UInt64, down: UInt64) {
        bytes.append(contentsOf: name)
        close(up, down)
    }

    private mutating func close(_ up: UInt64, _ down: UInt64) {
        ends.append(bytes.count)
        counters.append(Traffic(up: up, down: down))
    }

    /// Calls `body` with the name and the counters of each entry, in their order.
    func forEach<E: Error>(_ body: (UnsafeRawBufferPointer, Traffic) throws(E) -> Void) throws(E) {
        // `withUnsafeBytes` cannot pass on a typed error in every compiler: hence a result.
        let result: Result<Void, E> = bytes.withUnsafeBytes { all in
            var start = 0
            for index in counters.indices {
                let name = UnsafeRawBufferPointer(rebasing: all[start..<ends[index]])
                start = ends[index]
                do throws(E) { try body(name, counters[index]) } catch { return .failure(error) }
            }
            return .success(())
        }
        try result.get()
    }
}

/// Where a reading came from: what can prove that Hysteria's counters went on since the last one.
package struct ReadingSource: Hashable, Sendable {
    /// A number of the TCP connection, which no other connection of this process has.
    package var connection: UInt64
    /// The boot and the inode of the listening socket of Hysteria's process; empty: not known.
    package var mark: String
    /// Whether the upstream's address came from Hysteria's own configuration on this machine, so that another mark means
    /// another process of Hysteria and not of a tunnel.
    package var isOwnMachine: Bool

    package init(connection: UInt64, mark: String = "", isOwnMachine: Bool = false) {
        self.connection = connection
        self.mark = mark
        self.isOwnMachine = isOwnMachine
    }
}
