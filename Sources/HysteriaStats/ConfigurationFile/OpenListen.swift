/// A `trafficStats.listen` that others than this machine can reach.
package struct OpenListen: Sendable, Hashable {
    /// The value as it stands in the file.
    package let text: String

    /// Its line, counted from 1.
    package let line: Int

    /// The value that only this machine can reach, on the same port.
    package let closed: String

    /// Takes the value of a `trafficStats.listen`; nil for one on a loopback address.
    init?(_ text: String, line: Int) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let host = text[..<colon]
        guard !Self.isLoopback(host) else { return nil }
        self.text = text
        self.line = line
        // Who has chosen IPv6 keeps it.
        closed = (host.hasPrefix("[") ? "[::1]" : "127.0.0.1") + text[colon...]
    }

    private static func isLoopback(_ host: Substring) -> Bool {
        let host = host.lowercased()
        if host == "localhost" || host.hasSuffix(".localhost") { return true }
        if host.hasPrefix("[") {
            // ::1, with any zeros that stand before the one.
            let address = host.dropFirst().dropLast()
            if address.hasPrefix("::ffff:127.") { return true }
            return address.contains(":") && address.hasSuffix("1")
                && address.dropLast().allSatisfy { $0 == ":" || $0 == "0" }
        }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
