/// Addresses that begin with the same bits: `192.0.2.0/24`, `2001:db8::/32`, or a single address.
///
/// IPv4 is IPv4 however it is seen: `::ffff:192.0.2.0/120` is `192.0.2.0/24`, and `::/0` holds no IPv4 address.
public struct AddressRange: Sendable, Hashable {
    private let first: IPAddress
    private let highMask: UInt64
    private let lowMask: UInt64

    /// Why a text is no range: what was found, and what to write instead.
    struct Mistake: Error, Hashable {
        let found: String
        let expected: String

        fileprivate static let form = "an address or a range of them, such as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32"
    }

    /// Reads a range strictly: bits behind the prefix have to be zero, since whoever sets them means something else.
    init(_ text: String) throws(Mistake) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(parts[0]) else {
            throw Mistake(
                found: "found \(Excerpt.quote(text))",
                expected: RangeMeant.expected(for: text) ?? Mistake.form
            )
        }
        // What is written in IPv6 is counted in its bits, also where it means IPv4.
        let isMapped = address.isIPv4 && parts[0].contains(":")
        let bits = address.isIPv4 && !isMapped ? 32 : 128
        let given = parts.count == 1 ? bits : AddressRange.number(parts[1], upTo: bits)
        guard let given else {
            throw Mistake(
                found: "found \(Excerpt.quote(text))",
                expected: RangeMeant.expected(for: text) ?? "a number from 0 to \(bits) behind the slash"
            )
        }
        guard !isMapped || given >= 96 else {
            throw Mistake(
                found: "\(text) mixes IPv4 and IPv6",
                expected: "the range of IPv4 by itself, such as 192.0.2.0/24"
            )
        }
        // Within the 128 bits of both halves IPv4 stands at the end.
        let length = address.isIPv4 && !isMapped ? given + 96 : given
        highMask = address.isIPv4 ? 0 : ~(~0 >> UInt64(min(length, 64)))
        lowMask = ~(~0 >> UInt64(max(length - 64, 0)))
        first = address
        guard address.high & ~highMask == 0, address.low & ~lowMask == 0 else {
            throw Mistake(
                found: "\(text) has bits behind the first \(given)",
                expected: "\(address.text(highMask: highMask, lowMask: lowMask))/\(given) for the range, "
                    + "or \(parts[0]) for the one address"
            )
        }
    }

    /// Whether the address is one of these.
    func contains(_ address: IPAddress) -> Bool {
        address.isIPv4 == first.isIPv4 && address.high & highMask == first.high && address.low & lowMask == first.low
    }

    /// Digits without a zero before them.
    private static func number(_ text: Substring, upTo limit: Int) -> Int? {
        guard (1...3).contains(text.utf8.count), text == "0" || text.first != "0",
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int(text), number <= limit
        else { return nil }
        return number
    }
}
