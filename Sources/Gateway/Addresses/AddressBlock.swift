import NIOCore

/// What counts as one caller by address: an IPv4 address, or an IPv6 /64, which one household or one server gets and
/// within which addresses are free.
struct AddressBlock: Hashable, Sendable {
    private let isIPv4: Bool
    private let prefix: UInt64

    /// The block of an address; nil for what has none, such as a Unix socket.
    init?(_ address: SocketAddress) {
        guard let address = IPAddress(address) else { return nil }
        isIPv4 = address.isIPv4
        prefix = address.isIPv4 ? address.low : address.high
    }
}
