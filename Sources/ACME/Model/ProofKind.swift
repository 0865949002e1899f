/// How a name or an address is proved to be ours: the challenges that are known here (RFC 8555, 8; RFC 8737).
package enum ProofKind: String, Hashable, Sendable, CaseIterable {
    /// A handshake on TCP 443 that agrees on `acme-tls/1` (RFC 8737).
    case tls = "tls-alpn-01"
    /// A file on TCP 80 (RFC 8555, 8.3).
    case http = "http-01"
    /// A TXT record (RFC 8555, 8.4).
    case dns = "dns-01"

    /// Whether it can prove this: a wildcard is proved by DNS alone, and an address never (RFC 8738, 7).
    package func canProve(_ identifier: Identifier) -> Bool {
        switch self {
        case .tls, .http: !identifier.isWildcard
        case .dns: !identifier.isAddress
        }
    }
}
