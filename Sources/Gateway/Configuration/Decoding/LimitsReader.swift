import NIOCore

/// Reads `limits`.
struct LimitsReader {
    static let keys = [
        "connections", "connectionsPerAddress", "handshakeTimeout", "headTimeout", "bodyTimeout", "idleTimeout",
    ]

    private static let times: ClosedRange<TimeAmount> = .milliseconds(100)...TimeAmount.hours(1)

    private let top: YAMLMapping

    init(_ top: YAMLMapping) {
        self.top = top
    }

    /// The limits, defaults where nothing is said; nil, and problems noted, where one of them cannot be used.
    func read() -> Limits? {
        var limits = Limits()
        guard let value = top["limits"] else { return limits }
        guard let mapping = value.mapping(keys: LimitsReader.keys) else { return nil }
        var isWhole = true

        func count(_ key: String, _ field: WritableKeyPath<Limits, Int>) {
            guard let value = mapping[key] else { return }
            guard let number = value.integer(in: 1...1_000_000) else { return isWhole = false }
            limits[keyPath: field] = number
        }
        func time(_ key: String, _ field: WritableKeyPath<Limits, TimeAmount>) {
            guard let value = mapping[key] else { return }
            guard let duration = value.duration(in: LimitsReader.times) else { return isWhole = false }
            limits[keyPath: field] = duration
        }
        count("connections", \.connections)
        count("connectionsPerAddress", \.connectionsPerAddress)
        time("handshakeTimeout", \.handshakeTimeout)
        time("headTimeout", \.headTimeout)
        time("bodyTimeout", \.bodyTimeout)
        time("idleTimeout", \.idleTimeout)
        if let value = mapping["connectionsPerAddress"], limits.connectionsPerAddress > limits.connections {
            value.warn(
                "\(limits.connectionsPerAddress) for one address is more than \(limits.connections) for all "
                    + "(limits.connections): a single caller can keep everybody else out",
                advice: "write less than \(limits.connections)"
            )
        }
        return isWhole ? limits : nil
    }
}
