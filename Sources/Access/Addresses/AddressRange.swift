import Text

/// Addresses that begin with the same bits: `192.0.2.0/24`, `2001:db8::/32`, or a single address.
///
/// IPv4 is IPv4 however it is seen: `::ffff:192.0.2.0/120` is `192.0.2.0/24`, and `::/0` holds no IPv4 address.
package struct AddressRange: Sendable, Hashable {
    private let first: IPAddress
    private let highMask: UInt64
    private let lowMask: UInt64

    /// Why a text is no range.
    package enum ParsingError: Error, Hashable {
        /// What stands before the slash is no address.
        case noAddress(String)
        /// What stands after the slash is no number from 0 to `limit`.
        case noLength(String, limit: Int)
        /// It is IPv4 written as IPv6, and the range is larger than all of IPv4.
        case mixedFamilies(String)
        /// Bits after the prefix are set.
        case bitsBehindPrefix(String, length: Int, address: String, range: String)
    }

    /// Reads a range strictly: bits after the prefix have to be zero, since whoever sets them means something else.
    package init(_ text: String) throws(ParsingError) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(parts[0]) else { throw .noAddress(text) }
        // What is written in IPv6 is counted in its bits, also where it means IPv4.
        let isMapped = address.isIPv4 && parts[0].contains(":")
        let bits = address.isIPv4 && !isMapped ? 32 : 128
        let given = parts.count == 1 ? bits : AddressRange.number(parts[1], upTo: bits)
        guard let given else { throw .noLength(text, limit: bits) }
        guard !isMapped || given >= 96 else { throw .mixedFamilies(text) }
        // Within the 128 bits of both halves IPv4 stands at the end.
        let length = address.isIPv4 && !isMapped ? given + 96 : given
        highMask = address.isIPv4 ? 0 : ~(~0 >> UInt64(min(length, 64)))
        lowMask = ~(~0 >> UInt64(max(length - 64, 0)))
        first = address
        guard address.high & ~highMask == 0, address.low & ~lowMask == 0 else {
            let range = "\(address.text(highMask: highMask, lowMask: lowMask))/\(given)"
            throw .bitsBehindPrefix(text, length: given, address: String(parts[0]), range: range)
        }
    }

    /// Whether the address is one of these.
    package func contains(_ address: IPAddress) -> Bool {
        address.isIPv4 == first.isIPv4 && address.high & highMask == first.high && address.low & lowMask == first.low
    }

    /// Digits without a zero before them.
    private static func number(_ text: Substring, upTo limit: Int) -> Int? {
        guard (1...3).contains(text.utf8.count), text == "0" || text.first != "0",
            text.utf8.allSatisfy(\.isDigit),
            let number = Int(text), number <= limit
        else { return nil }
        return number
    }
}
