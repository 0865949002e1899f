import HysteriaStats
import NIOCore

/// Where Hysteria's stats API is and how to ask it.
public struct UpstreamSettings: Sendable, Hashable {
    /// The host and port.
    public let address: StatsAddress
    /// The secret; nil where Hysteria has none.
    public let secret: Secret?
    /// The time for a whole call.
    public let timeout: TimeAmount

    /// The time for a whole call where the configuration names none.
    public static let defaultTimeout = TimeAmount.seconds(5)

    /// Makes settings.
    public init(address: StatsAddress, secret: Secret?, timeout: TimeAmount = UpstreamSettings.defaultTimeout) {
        self.address = address
        self.secret = secret
        self.timeout = timeout
    }
}
