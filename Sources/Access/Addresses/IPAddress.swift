import Glibc
import NIOCore

/// An IP address in the one form in which addresses are compared: what a listener for both families sees as
/// `::ffff:192.0.2.1` is 192.0.2.1.
package struct IPAddress: Hashable, Sendable {
    /// Whether it is an address of IPv4.
    package let isIPv4: Bool
    /// The upper 64 bits; 0 for IPv4.
    package let high: UInt64
    /// The lower 64 bits; all there is of IPv4.
    package let low: UInt64

    /// The address of a connection; nil for what has none, such as a Unix socket.
    package init?(_ address: SocketAddress) {
        switch address {
        case .v4(let address): self.init(address.address.sin_addr)
        case .v6(let address): self.init(address.address.sin6_addr)
        case .unixDomainSocket: return nil
        }
    }

    /// Reads an address as people write it, without port, brackets or zone.
    package init?(_ text: some StringProtocol) {
        // A zero byte would end the text early for the system.
        guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else { return nil }
        let text = String(text)
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(four)
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            self.init(six)
        } else {
            return nil
        }
    }

    private init(_ address: in_addr) {
        isIPv4 = true
        high = 0
        low = UInt64(UInt32(bigEndian: address.s_addr))
    }

    private init(_ address: in6_addr) {
        let (high, low) = withUnsafeBytes(of: address) { bytes in
            (
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
        // ::ffff:0:0/96, IPv4 as seen through IPv6.
        isIPv4 = high == 0 && low >> 32 == 0xFFFF
        self.high = high
        self.low = isIPv4 ? low & 0xFFFF_FFFF : low
    }
}

extension IPAddress {
    /// The address of the same family with the bits after a prefix cleared, as people write it.
    package func text(highMask: UInt64, lowMask: UInt64) -> String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let length = socklen_t(buffer.count)
        if isIPv4 {
            var four = in_addr(s_addr: UInt32(truncatingIfNeeded: low & lowMask).bigEndian)
            inet_ntop(AF_INET, &four, &buffer, length)
        } else {
            var six = in6_addr()
            withUnsafeMutableBytes(of: &six) { bytes in
                bytes.storeBytes(of: (high & highMask).bigEndian, as: UInt64.self)
                bytes.storeBytes(of: (low & lowMask).bigEndian, toByteOffset: 8, as: UInt64.self)
            }
            inet_ntop(AF_INET6, &six, &buffer, length)
        }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// What counts as one caller by address: an IPv4 address, or an IPv6 /64, which one household or one server gets and
/// within which addresses are free.
package struct AddressBlock: Hashable, Sendable {
    private let isIPv4: Bool
    private let prefix: UInt64

    /// The block of an address; nil for what has none, such as a Unix socket.
    package init?(_ address: SocketAddress) {
        guard let address = IPAddress(address) else { return nil }
        isIPv4 = address.isIPv4
        prefix = address.isIPv4 ? address.low : address.high
    }
}
