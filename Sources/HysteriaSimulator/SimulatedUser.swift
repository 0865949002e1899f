import HysteriaStats

/// A user of the simulated Hysteria, and what they do.
package struct SimulatedUser: Sendable, Hashable {
    /// The user's id: any text.
    package var name: String

    /// How many devices are connected.
    package var devices: Int

    /// Bytes per second that each device uploads on average; 0 keeps the user still.
    package var uploadRate: UInt64

    /// Bytes per second that each device downloads on average.
    package var downloadRate: UInt64

    /// The counters at the start.
    package var tx: UInt64

    /// The counters at the start.
    package var rx: UInt64

    /// Makes a user. Without rates, nothing about the user changes by itself.
    package init(
        name: String,
        devices: Int = 1,
        uploadRate: UInt64 = 0,
        downloadRate: UInt64 = 0,
        tx: UInt64 = 0,
        rx: UInt64 = 0
    ) {
        self.name = name
        self.devices = devices
        self.uploadRate = uploadRate
        self.downloadRate = downloadRate
        self.tx = tx
        self.rx = rx
    }

    /// Makes users who do what people do: some much, some little, some nothing.
    package static func crowd(_ count: Int, seed: UInt64) -> [SimulatedUser] {
        let names = ["wang", "anna", "bilal", "chen", "dora", "emeka", "farah", "goran", "hana", "ivan", "jun", "kofi"]
        var random = SeededGenerator(seed: seed)
        return (0..<max(0, count)).map { index in
            let suffix = index < names.count ? "" : String(index / names.count)
            let isBusy = index == 0 || Int.random(in: 0..<4, using: &random) > 0
            let rate = isBusy ? UInt64.random(in: 20_000...3_000_000, using: &random) : 0
            let used = UInt64.random(in: 0...40_000_000_000, using: &random)
            return SimulatedUser(
                name: names[index % names.count] + suffix,
                devices: isBusy ? Int.random(in: 1...3, using: &random) : Int.random(in: 0...1, using: &random),
                uploadRate: rate / 12,
                downloadRate: rate,
                tx: used / 11,
                rx: used
            )
        }
    }
}
