/// Where a URL leads: the host and port to connect to, and what a request there names (RFC 9110, 4.2.2).
///
/// The URL may come from an authority, which may be hostile: nothing of it can end a line, and its host is one that a certificate can be
/// for.
struct AuthorityEndpoint: Hashable {
    /// A name in lower case, or an address without brackets. The certificate has to be for it.
    let host: String
    let port: Int
    /// The path with the query.
    let target: String

    /// What stands in the field `Host`.
    var hostField: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == 443 ? name : "\(name):\(port)"
    }

    /// Reads a URL; nil if it is not one of https to a name or an address.
    init?(_ url: String) {
        guard AuthorityURL.isUsable(url) else { return nil }
        let rest = url.dropFirst(8)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard let (host, port) = Self.hostAndPort(authority) else { return nil }
        self.host = host
        self.port = port
        let target = rest.dropFirst(authority.count)
        self.target = target.hasPrefix("/") ? String(target) : "/" + target
    }

    private static func hostAndPort(_ text: Substring) -> (String, Int)? {
        var host = text
        var port: Substring?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            guard host.contains(":") else { return nil }
            let behind = text[text.index(after: end)...]
            guard behind.isEmpty || behind.hasPrefix(":") else { return nil }
            port = behind.isEmpty ? nil : behind.dropFirst()
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        // `Identifier` takes what a certificate can be for. A wildcard is no host.
        guard let identifier = try? Identifier(host), !identifier.isWildcard,
            host.contains(":") == identifier.value.contains(":")
        else { return nil }
        guard let port, !port.isEmpty else { return (identifier.value, 443) }
        guard port.utf8.count <= 5, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(port),
            (1...65_535).contains(number)
        else { return nil }
        return (identifier.value, number)
    }

    /// Where a `Location` leads from here: to a URL, or to a path on the same host (RFC 9110, 10.2.2).
    func following(_ location: String) -> AuthorityEndpoint? {
        if location.hasPrefix("/"), !location.hasPrefix("//") {
            return AuthorityEndpoint("https://\(hostField)\(location)")
        }
        return AuthorityEndpoint(location)
    }

    /// The URL, for people to read.
    var url: String { "https://\(hostField)\(target)" }
}
