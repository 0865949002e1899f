import ACME

extension Identifier {
    /// Top-level names that the public DNS does not have (RFC 6761, RFC 6762, RFC 8375 and what home routers make up).
    private static let localDomains = [
        "localhost", "local", "internal", "lan", "home", "test", "example", "invalid", "onion",
    ]

    /// Why no authority that all browsers trust issues a certificate for it; nil if one may.
    var reasonNotPublic: String? {
        if let bytes = addressBytes {
            return Self.isPrivate(bytes) ? "is an address that the internet does not lead to" : nil
        }
        let labels = value.split(separator: ".")
        let isLocal = labels.last.map { Self.localDomains.contains(String($0)) } ?? true
        return labels.count < 2 || isLocal ? "is no name of the public DNS" : nil
    }

    /// The networks of IANA's special-purpose registries (RFC 6890) that are not routed, but for those of documents.
    private static func isPrivate(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == 4 else {
            // Loopback, none, and addresses of IPv4 within IPv6; unique local, link-local and multicast.
            return bytes[..<10].allSatisfy { $0 == 0 } || bytes[0] & 0xFE == 0xFC
                || bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80 || bytes[0] == 0xFF
        }
        switch (bytes[0], bytes[1]) {
        case (0, _), (10, _), (127, _), (169, 254), (192, 168), (224..., _): return true
        case (100, let second): return second & 0xC0 == 64
        case (172, let second): return second & 0xF0 == 16
        case (198, let second): return second & 0xFE == 18
        default: return false
        }
    }
}
