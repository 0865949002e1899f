import Ledger
import NIOCore

/// What the apps of a user read of a subscription: the header field `Subscription-Userinfo`, and a line of text.
///
/// There is no standard. What the apps need, as their sources say:
/// - mihomo drops spaces and reads signed numbers of 64 bits; a number that it cannot read loses the whole field. Its
///   versions before 2024 look for `upload=…; download=…; total=…` in this very order, with a space after each semicolon.
/// - Hiddify wants all four keys, without one the field counts for nothing, and fails at a semicolon at the end. 0 means
///   no limit, and no end.
/// - Scripts for Surge and Quantumult X read digits after `total=` and `expire=`, and mostly the header's name in lower case.
/// - Shadowrocket shows what stands after `STATUS=` in the first line of the body, where V2Board and its heirs put it.
///
/// Bytes, and seconds since 1970.
package struct SubscriptionUserinfo: Sendable, Hashable {
    /// The header field's name.
    package static let headerName = "subscription-userinfo"

    /// The current period.
    package let line: QuotaLine
    /// When the subscription ends, in seconds since 1970; nil: never.
    package let expires: Int64?

    package init(_ line: QuotaLine, expires: Int64?) {
        self.line = line
        self.expires = expires
    }

    package var headerValue: String {
        // A quota of nothing must not read as one without a limit.
        let total = line.quota.map { max(1, $0) } ?? 0
        return "upload=\(Self.cut(line.traffic.up)); download=\(Self.cut(line.traffic.down)); "
            + "total=\(Self.cut(total)); expire=\(max(0, expires ?? 0))"
    }

    /// Apps read signed numbers.
    private static func cut(_ bytes: UInt64) -> UInt64 { min(bytes, UInt64(Int64.max)) }

    /// Writes the same in words, as one line:
    /// `4.60 GiB of 100.00 GiB used (1.20 GiB up, 3.40 GiB down), resets on 15 Dec 2026, expires on 31 Dec 2026`.
    package func writeText(into buffer: inout ByteBuffer, zone: CivilZone) {
        let words = DateWords(zone: zone)
        buffer.writeString("\(ByteCount(line.used))")
        if let quota = line.quota { buffer.writeString(" of \(ByteCount(quota))") }
        buffer.writeString(" used (\(ByteCount(line.traffic.up)) up, \(ByteCount(line.traffic.down)) down)")
        buffer.writeString(", resets on \(words.date(line.span.end))")
        if let expires { buffer.writeString(", expires on \(words.date(expires))") }
        buffer.writeStaticString("\n")
    }

    /// Writes the body of `/sub`: the line in words, so that Shadowrocket shows it too.
    package func writeBody(into buffer: inout ByteBuffer, zone: CivilZone) {
        buffer.writeStaticString("STATUS=")
        writeText(into: &buffer, zone: zone)
    }
}
