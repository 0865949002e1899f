import Time

/// Checks what the configuration itself cannot say of a token: how soon it ends.
struct TokenCheck {
    /// So many seconds before its expiry, a token causes a warning.
    private static let soon: Int64 = 14 * 86_400

    let results: [CheckResult]

    init(_ entry: TokenEntry, now: Int64) {
        // One that has ended is a warning of the configuration already.
        guard let expires = entry.expires, expires > now, expires - now < TokenCheck.soon else {
            results = []
            return
        }
        results = [.warning("token '\(entry.name)' expires soon, at \(CivilTime(expires).internetText)")]
    }
}
