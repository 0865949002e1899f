import NIOCore

/// How many requests took how long.
struct DurationHistogram: Sendable {
    /// The upper bounds of the buckets in nanoseconds; one more bucket has none.
    private static let bounds: [Int64] = [
        500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000, 250_000_000,
        500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000, 10_000_000_000,
    ]

    private var counts = [UInt64](repeating: 0, count: Self.bounds.count + 1)
    private var nanoseconds: UInt64 = 0

    /// Counts a request that took so long.
    mutating func record(_ duration: TimeAmount) {
        let bounds = Self.bounds
        var index = 0
        while index < bounds.count, duration.nanoseconds > bounds[index] { index += 1 }
        counts[index] += 1
        nanoseconds &+= UInt64(max(duration.nanoseconds, 0))
    }

    /// Adds what another event loop counted.
    mutating func add(_ other: DurationHistogram) {
        for index in counts.indices { counts[index] += other.counts[index] }
        nanoseconds &+= other.nanoseconds
    }

    /// Writes the samples of the family that has been begun.
    func write(into writer: inout MetricsWriter) {
        var sum: UInt64 = 0
        for (index, count) in counts.enumerated() {
            sum += count
            let bound = index < Self.bounds.count ? "\(Double(Self.bounds[index]) / 1e9)" : "+Inf"
            writer.sample(sum, [.init("le", bound)], suffix: "_bucket")
        }
        writer.sample(Double(nanoseconds) / 1e9, suffix: "_sum")
        writer.sample(sum, suffix: "_count")
    }
}
