import HysteriaStats
import Testing

@Suite("What Hysteria takes as its configuration, the gateway takes or refuses by name")
struct HysteriaConfigurationShapesTests {
    private func read(
        _ text: String,
        path: String = "/etc/hysteria/config.yaml"
    ) throws(HysteriaConfigurationErrors) -> HysteriaConfigurationFile {
        try HysteriaConfigurationFile(text: text, path: path)
    }

    @Test(
        "a byte order mark before YAML and before JSON",
        arguments: [
            "trafficStats: {listen: ':9', secret: hush}", #"{"trafficStats":{"listen":":9","secret":"h\u0075sh"}}"#,
        ]
    )
    func byteOrderMark(text: String) throws {
        for text in [text, "\u{feff}" + text] {
            let file = try read(text)
            #expect(file.statsAddress?.port == 9)
            #expect(try file.secret == Secret("hush"))
        }
        let pair = #"{"trafficStats":{"listen":":9","secret":"\ud83d\ude00"}}"#
        #expect(try read("\u{feff}" + pair).secret == Secret("😀"))
    }

    @Test("keys with dots, in any case, for every value that is read")
    func dottedKeys() throws {
        let file = try read(
            """
            trafficStats.listen: 127.0.0.1:9
            TrafficStats.Secret: hush
            tls.cert: /c.pem
            TLS.key: /k.pem
            auth.type: userpass
            auth.userpass.Wang: a
            auth.userpass:
              Anna: b
            """
        )
        #expect(file.statsAddress?.description == "127.0.0.1:9")
        #expect(try file.secret == Secret("hush"))
        #expect(file.certificates == [CertificateCandidate(certificate: "/c.pem", key: "/k.pem")])
        #expect(file.users == .userpass(["wang", "anna"]))
        let acme = try read("acme.domains: [a.b]\nacme.dir: /d\nacme.ca: zerossl\n")
        #expect(acme.certificates.first?.certificate == "/d/certificates/acme.zerossl.com-v2-dv90/a.b/a.b.crt")
    }

    @Test("of a key that is nested and dotted, the dotted one counts, as it does for Hysteria")
    func bothWays() throws {
        let file = try read("trafficStats:\n  listen: :1\n  secret: nested\ntrafficStats.listen: :2\n")
        #expect(file.statsAddress?.port == 2)
        #expect(try file.secret == Secret("nested"))
        #expect(file.openListen?.line == 4)
    }

    @Test("problems of dotted keys name them with their lines")
    func dottedProblems() {
        let error = #expect(throws: HysteriaConfigurationErrors.self) {
            try read("tls.cert: [a]\ntrafficStats.listen: 9\ntrafficstats.LISTEN: 8\n")
        }
        let problems = error?.problems.map(\.description) ?? []
        #expect(problems.count == 2)
        #expect(problems.contains("/etc/hysteria/config.yaml:1: tls.cert: expected text, found a list"))
        #expect(problems.contains { $0.contains("has the key 'trafficStats.listen' twice") })
    }

    @Test("files of several megabytes")
    func large() throws {
        let users = (0..<100_000).map { "    user\($0): a-password-of-\($0)-and-more\n" }.joined()
        let text = "auth:\n  type: userpass\n  userpass:\n\(users)trafficStats:\n  listen: 127.0.0.1:9\n"
        #expect(text.utf8.count > 4 << 20)
        let file = try read(text)
        #expect(file.statsAddress?.port == 9)
        #expect(file.users?.has("user99999") == true)
    }

    @Test(
        "TOML and others are refused by name, with what to do",
        arguments: [
            ("config.toml", "TOML"), ("config.TOML", "TOML"), ("config.ini", "INI"), ("config.hcl", "HCL"),
            ("server.env", "dotenv"), ("config.properties", "Java properties"),
        ]
    )
    func otherFormats(name: String, format: String) {
        let error = #expect(throws: HysteriaConfigurationErrors.self) {
            try read("[trafficStats]\nlisten = ':9999'\nsecret = 'hush'\n", path: "/etc/hysteria/\(name)")
        }
        let words = error?.description ?? ""
        #expect(words.hasPrefix("/etc/hysteria/\(name): is \(format), which the gateway does not read"))
        #expect(words.contains("upstream.address"))
        #expect(!words.contains("hush"))
    }

    @Test(
        "and a folder that is called like one is none",
        arguments: ["/etc/hysteria.toml/config.yaml", "/a.ini/config"]
    )
    func folders(path: String) throws {
        #expect(try read("trafficStats: {listen: ':9'}", path: path).statsAddress?.port == 9)
    }

    @Test(
        "it tells its users where it knows them, in lower case",
        arguments: [
            ("auth: {type: password, password: p}", HysteriaUsers.password),
            ("auth: {type: userpass, userpass: {Wang: a, ÄNNA: b}}", .userpass(["wang", "änna"])),
            ("AUTH: {Type: UserPass, USERPASS: {wang: a}}", .userpass(["wang"])),
            ("auth: {type: http, http: {url: x}, userpass: {wang: a}}", nil), ("auth: {type: command}", nil),
            ("auth: {type: userpass}", nil), ("auth: userpass", nil), ("{}", nil),
            ("auth: {type: [a], userpass: b}", nil),
        ] as [(String, HysteriaUsers?)]
    )
    func users(text: String, expected: HysteriaUsers?) throws {
        #expect(try read(text).users == expected)
    }
}
