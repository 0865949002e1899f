import Glibc
import NIOCore

/// Who is counted as one caller by address: an IPv4 address, or an IPv6 /64, which is what one household or one server
/// gets and within which addresses are free.
struct AddressBlock: Hashable, Sendable {
    private let family: UInt8
    private let prefix: UInt64

    /// The block of an address; nil for what has none, such as a Unix socket.
    init?(_ address: SocketAddress) {
        switch address {
        case .v4(let address):
            family = 4
            prefix = UInt64(UInt32(bigEndian: address.address.sin_addr.s_addr))
        case .v6(let address):
            let (high, low) = withUnsafeBytes(of: address.address.sin6_addr) { bytes in
                (
                    UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                    UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                )
            }
            // ::ffff:0:0/96, IPv4 as a listener for both families sees it: not one block of IPv6.
            if high == 0, low >> 32 == 0xFFFF {
                family = 4
                prefix = low & 0xFFFF_FFFF
            } else {
                family = 6
                prefix = high
            }
        case .unixDomainSocket:
            return nil
        }
    }
}
