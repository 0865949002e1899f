/// Keys that people know from Hysteria, nginx, Caddy and Traefik, with what to write here instead.
enum ForeignKeys {
    private static let certificates =
        "'certificates:' and below it '- certificate: fullchain.pem' and 'key: privkey.pem'"
    private static let hysteria =
        "'hysteria: /etc/hysteria/config.yaml', and the gateway takes address, secret and certificate from that file"
    private static let names = "no key for it: the gateway serves every name that a certificate has"

    /// The keys of Hysteria's own file that are none of ours.
    private static let ofHysteria: Set<String> = [
        "auth", "obfs", "quic", "congestion", "bandwidth", "ignoreclientbandwidth", "speedtest", "disableudp",
        "udpidletimeout", "resolver", "sniff", "acl", "outbounds", "masquerade",
    ]

    private static let byPath: [(paths: [String], instead: String)] = [
        (
            ["trafficstats"],
            "'upstream:' with 'address' and 'secret' below it, or \(hysteria)"
        ),
        (["upstream.listen", "upstream.url", "upstream.host", "upstream.port", "upstream.server"], "'address'"),
        (["upstream.password", "upstream.token", "upstream.key", "upstream.authorization"], "'secret'"),
        (["port", "bind", "addr", "entrypoints", "ports", "listeners"], "'listen: \":443\"'"),
        (
            [
                "tls.cert", "tls.key", "tls.certificate", "tls.certfile", "tls.keyfile", "tls.certificates", "cert",
                "ssl",
                "sslcertificate", "sslcertificatekey", "certfile", "keyfile", "tls.certificatefile",
            ],
            certificates
        ),
        (["certificates[].cert", "certificates[].certfile", "certificates[].chain"], "'certificate'"),
        (["certificates[].keyfile", "certificates[].privatekey"], "'key'"),
        (["acme.domains", "acme.domain", "acme.name", "acme.host", "acme.hosts"], "'names'"),
        (["acme.ca", "acme.issuer", "acme.directory", "acme.server", "acme.caserver"], "'authority'"),
        (["acme.dir", "acme.storage", "acme.path"], "'folder'"),
        (["acme.type", "acme.challenge", "acme.challenges"], "'proofs'"),
        (["workers", "workerprocesses", "cores", "cpus"], "'threads'"),
        (["servername", "domain", "domains", "host", "hostname", "hosts", "server", "servers"], names),
        (["tls.sni", "tls.sniguard", "tls.servername"], names),
        (["certificates[].domain", "certificates[].domains", "certificates[].name", "certificates[].sni"], names),
        (["http", "https", "providers", "routers"], "'listen: \":443\"' and 'upstream:'"),
        (["logging", "logs"], "'accessLog: text', 'log: text' and 'logLevel: info'"),
        (["tokens[].secret", "tokens[].password", "tokens[].value"], "'token', or better 'hash'"),
        (["tokens[].sha256"], "'hash: sha256:' and the digits behind it"),
        (["tokens[].permissions", "tokens[].role", "tokens[].roles", "tokens[].access"], "'scopes'"),
        (["tokens[].expiry", "tokens[].validuntil", "tokens[].until"], "'expires'"),
        (["tokens[].ip", "tokens[].ips", "tokens[].allow", "tokens[].cidr"], "'addresses'"),
    ]

    /// What to write in place of a key that this configuration does not have.
    package static func instead(of path: String) -> (what: String, instead: String)? {
        let path = KeyPlaces.pattern(path).lowercased().filter { $0 != "_" && $0 != "-" }
        if let known = byPath.first(where: { $0.paths.contains(path) }) {
            return (path == "trafficstats" ? "a key of Hysteria's own file" : "unknown key", known.instead)
        }
        return ofHysteria.contains(path) ? ("a key of Hysteria's own file", hysteria) : nil
    }
}
