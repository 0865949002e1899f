import NIOCore

/// What the gateway grants callers before it knows who they are.
package struct Limits: Sendable, Hashable {
    /// The connections open at once.
    package var connections = 10_000
    /// The connections open at once from one address.
    package var connectionsPerAddress = 256
    /// The time for the TLS handshake.
    package var handshakeTimeout = TimeAmount.seconds(10)
    /// The time from the first byte of a request to the end of its head.
    package var headTimeout = TimeAmount.seconds(10)
    /// The time for a request's body.
    package var bodyTimeout = TimeAmount.seconds(30)
    /// The time that a connection may rest between requests.
    package var idleTimeout = TimeAmount.seconds(60)

    /// The defaults.
    package init() {}
}

/// `limits`: what callers are granted.
package enum LimitsSection: ReloadedSection {
    package typealias Value = Limits
    package static let key = "limits"
    package static let mapping: SectionMapping? = SectionMapping(
        keys: [
            "connections", "connectionsPerAddress", "handshakeTimeout", "headTimeout", "bodyTimeout", "idleTimeout",
        ]
    )
    package static let defaultValue: Limits? = Limits()

    private static let times: ClosedRange<TimeAmount> = .milliseconds(100)...TimeAmount.hours(1)

    package static func read(_ value: YAMLValue, in reader: SectionReader) -> Limits? {
        var limits = Limits()
        guard let keys = value.mapping(of: Self.self) else { return nil }
        var isWhole = true

        func count(_ key: String, _ field: WritableKeyPath<Limits, Int>) {
            guard let value = keys[key] else { return }
            guard let number = value.integer(in: 1...1_000_000) else { return isWhole = false }
            limits[keyPath: field] = number
        }
        func time(_ key: String, _ field: WritableKeyPath<Limits, TimeAmount>) {
            guard let value = keys[key] else { return }
            guard let duration = value.duration(in: times) else { return isWhole = false }
            limits[keyPath: field] = duration
        }
        count("connections", \.connections)
        count("connectionsPerAddress", \.connectionsPerAddress)
        time("handshakeTimeout", \.handshakeTimeout)
        time("headTimeout", \.headTimeout)
        time("bodyTimeout", \.bodyTimeout)
        time("idleTimeout", \.idleTimeout)
        if let value = keys["connectionsPerAddress"], limits.connectionsPerAddress > limits.connections {
            value.warn(
                "\(limits.connectionsPerAddress) for one address is more than \(limits.connections) for all "
                    + "(limits.connections): a single caller can keep everybody else out",
                advice: "write less than \(limits.connections)"
            )
        }
        return isWhole ? limits : nil
    }
}

extension Configuration {
    /// What callers are granted.
    package var limits: Limits { self[LimitsSection.self] }
}
