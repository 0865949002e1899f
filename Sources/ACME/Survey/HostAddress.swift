import Glibc

/// An IP address of a host.
package struct HostAddress: Hashable, Sendable {
    /// Four or sixteen, in network order.
    package let bytes: [UInt8]

    package init?(bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    package init?(_ text: String) {
        guard let identifier = try? Identifier(text), let bytes = identifier.addressBytes else { return nil }
        self.bytes = bytes
    }

    package var isIPv6: Bool { bytes.count == 16 }

    var isLoopback: Bool { AddressBlock.loopback.contains { $0.contains(self) } }

    /// Whether it can be one on the internet. Others are of a private network, of a carrier's NAT or of a link (RFC 6890).
    var isPublic: Bool {
        isIPv6
            ? AddressBlock.globalIPv6.contains { $0.contains(self) }
            : !AddressBlock.specialIPv4.contains { $0.contains(self) }
    }
}

extension HostAddress: CustomStringConvertible {
    /// As RFC 5952 writes it.
    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        inet_ntop(isIPv6 ? AF_INET6 : AF_INET, bytes, &text, socklen_t(text.count))
        let system = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return (try? Identifier(system))?.value ?? system
    }

    /// The address with a port.
    func description(port: Int) -> String { isIPv6 ? "[\(self)]:\(port)" : "\(self):\(port)" }
}

/// All addresses that begin with the same bits.
struct AddressBlock: Hashable, Sendable {
    private let start: [UInt8]
    private let bits: Int

    /// Reads `192.0.2.0/24`.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = HostAddress(String(parts[0])), let bits = Int(parts[1]),
            (0...address.bytes.count * 8).contains(bits)
        else { return nil }
        start = address.bytes
        self.bits = bits
    }

    func contains(_ address: HostAddress) -> Bool {
        guard address.bytes.count == start.count else { return false }
        return (0..<bits).allSatisfy { bit in
            (address.bytes[bit / 8] ^ start[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0
        }
    }

    static let loopback = ["127.0.0.0/8", "::1/128"].compactMap { AddressBlock($0) }

    /// IPv4 addresses that nobody on the internet can reach (RFC 6890, RFC 6598). Those for documentation count as any others.
    static let specialIPv4 = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
    ].compactMap { AddressBlock($0) }

    /// Where IPv6 addresses of the internet are (RFC 4291, 2.4).
    static let globalIPv6 = ["2000::/3"].compactMap { AddressBlock($0) }

    /// IPv4 addresses that a network's DNS64 made into IPv6 ones for its own hosts (RFC 6052). Nobody else sees them.
    static let translated = ["64:ff9b::/96"].compactMap { AddressBlock($0) }
}
