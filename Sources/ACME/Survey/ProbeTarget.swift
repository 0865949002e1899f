/// Where a request for a proof goes, first and after redirects. An authority follows those to ports 80 and 443 alone (RFC 8555, 8.3, and
/// Let's Encrypt's rules).
struct ProbeTarget: Hashable, Sendable {
    /// Whether it is HTTPS.
    let isSecured: Bool
    let host: Identifier
    /// Of the scheme where none is written.
    let port: Int
    /// The path with the query.
    let target: String

    /// Where the proof of http-01 is looked for.
    init(_ proof: Proof) {
        isSecured = false
        host = proof.identifier
        port = 80
        target = "/.well-known/acme-challenge/\(proof.token)"
    }

    private init(isSecured: Bool, host: Identifier, port: Int, target: String) {
        self.isSecured = isSecured
        self.host = host
        self.port = port
        self.target = target
    }

    /// Where a `Location` leads from here; nil if it is no URL of http or https.
    func following(_ location: String) -> ProbeTarget? {
        // It stands in the next request: nothing of it can end a line.
        guard location.utf8.count <= 2048, location.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else { return nil }
        if location.hasPrefix("/"), !location.hasPrefix("//") {
            return ProbeTarget(
                isSecured: isSecured,
                host: host,
                port: port,
                target: Self.withoutFragment(location[...])
            )
        }
        guard let colon = location.firstIndex(of: ":") else { return nil }
        let scheme = location[..<colon].lowercased()
        let rest = location[colon...].dropFirst(3)
        guard scheme == "http" || scheme == "https", location[colon...].hasPrefix("://") else { return nil }
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let path = Self.withoutFragment(rest.dropFirst(authority.count))
        guard let (host, port) = Self.hostAndPort(authority) else { return nil }
        return ProbeTarget(
            isSecured: scheme == "https",
            host: host,
            port: port ?? (scheme == "https" ? 443 : 80),
            target: path.hasPrefix("/") ? path : "/" + path
        )
    }

    private static func withoutFragment(_ text: Substring) -> String { String(text.prefix { $0 != "#" }) }

    private static func hostAndPort(_ text: Substring) -> (Identifier, Int?)? {
        var host = text
        var port: Substring = ""
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            host = text[text.index(after: text.startIndex)..<end]
            let behind = text[text.index(after: end)...]
            guard behind.isEmpty || behind.hasPrefix(":") else { return nil }
            port = behind.dropFirst()
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[colon...].dropFirst()
        }
        guard let identifier = try? Identifier(host), !identifier.isWildcard else { return nil }
        guard !port.isEmpty else { return (identifier, nil) }
        guard port.utf8.count <= 5, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(port) else {
            return nil
        }
        return (identifier, number)
    }

    /// The request as an authority sends it.
    var request: String {
        let name = host.value.contains(":") ? "[\(host.value)]" : host.value
        let field = port == (isSecured ? 443 : 80) ? name : "\(name):\(port)"
        return """
            GET \(target) HTTP/1.1\r
            Host: \(field)\r
            User-Agent: hysteria-gateway check\r
            Accept: */*\r
            Connection: close\r
            \r\n
            """
    }
}
