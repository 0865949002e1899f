import Text

/// When an authority wants to be asked again: seconds, or a date (RFC 9110, 10.2.3).
package enum RetryAfter {
    /// Seconds from now; nil for what is neither. Never negative, and never more than a year.
    package static func seconds(_ text: String?, now: Int64) -> Int64? {
        guard let text else { return nil }
        let trimmed = Array(text.utf8).withUnsafeBytes { bytes in String(decoding: bytes.trimmed, as: UTF8.self) }
        let limit: Int64 = 365 * 86_400
        if !trimmed.isEmpty, trimmed.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return min(Int64(trimmed) ?? limit, limit)
        }
        return InternetTime.seconds(http: trimmed).map { min(max(0, $0 - now), limit) }
    }
}
