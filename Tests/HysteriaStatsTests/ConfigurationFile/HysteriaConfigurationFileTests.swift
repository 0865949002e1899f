import HysteriaStats
import Testing

@Suite struct HysteriaConfigurationFileTests {
    private func read(
        _ text: String,
        path: String = "/etc/hysteria/config.yaml",
        environment: [String: String] = [:]
    ) throws(HysteriaConfigurationErrors) -> HysteriaConfigurationFile {
        try HysteriaConfigurationFile(text: text, path: path, environment: environment)
    }

    private func problems(_ text: String) -> [String] {
        do {
            _ = try read(text, path: "h.yaml")
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test("the usual YAML gives address secret and certificate")
    func theUsualYAMLGivesAddressSecretAndCertificate() throws {
        let file = try read(
            """
            listen: :443
            tls:
              cert: /etc/hysteria/server.crt
              key: /etc/hysteria/server.key
            auth:
              type: userpass
              userpass:
                wang: p4ss
            trafficStats:
              listen: 127.0.0.1:9999
              secret: some_secret
            """
        )
        #expect(file.statsAddress?.description == "127.0.0.1:9999")
        #expect(file.secret == (try Secret("some_secret")))
        #expect(
            file.certificates == [
                CertificateCandidate(certificate: "/etc/hysteria/server.crt", key: "/etc/hysteria/server.key")
            ]
        )
    }

    @Test("JSON with surrogate pairs and any case of keys")
    func jsonWithSurrogatePairsAndAnyCaseOfKeys() throws {
        let file = try read(
            #"{"TRAFFICSTATS": {"Listen": ":9999", "SECRET": "a\\ud83d\ud83d\ude00\/b"}, "obfs": null}"#
        )
        #expect(file.statsAddress?.description == "127.0.0.1:9999")
        #expect(file.secret == (try Secret(#"a\ud83d😀/b"#)))
    }

    @Test("JSON indented with tabs")
    func jsonIndentedWithTabs() throws {
        let file = try read("{\n\t\"trafficStats\": {\n\t\t\"listen\": \":1\"\n\t}\n}\n")
        #expect(file.statsAddress?.port == 1)
    }

    @Test(
        "without listen the stats API is off",
        arguments: ["", "listen: :443", "trafficStats:", "trafficStats: {}", "trafficStats: {listen: ''}"]
    )
    func withoutListenTheStatsAPIIsOff(text: String) throws {
        #expect(try read(text).statsAddress == nil)
    }

    @Test("an absent or empty secret is none", arguments: ["", "secret:", "secret: ''", "secret: ~", "secret: null"])
    func anAbsentOrEmptySecretIsNone(line: String) throws {
        #expect(try read("trafficStats:\n  listen: :9999\n  \(line)\n").secret == nil)
    }

    @Test(
        "a secret is the text that Hysteria sees",
        arguments: [("12345", "12345"), ("0", "0"), ("yes", "yes"), ("'0x10'", "0x10"), ("\"true\"", "true")]
    )
    func aSecretIsTheTextThatHysteriaSees(written: String, meant: String) throws {
        #expect(try read("trafficStats: {secret: \(written)}").secret == (try Secret(meant)))
    }

    @Test(
        "a secret that YAML may change must be quoted",
        arguments: ["0x10", "010", "1e3", "1.5", "true", "False", "1_000", "+5", "-5", "2001-01-01", ".inf"]
    )
    func aSecretThatYAMLMayChangeMustBeQuoted(written: String) {
        let problems = self.problems("trafficStats:\n  secret: \(written)\n")
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("h.yaml:2: trafficStats.secret: ") == true)
        #expect(problems.first?.contains("quotes") == true)
        #expect(problems.first?.contains(written) == false)
    }

    @Test("relative paths are sought in the working directory and beside the file")
    func relativePathsAreSoughtInTheWorkingDirectoryAndBesideTheFile() throws {
        #expect(
            try read("tls: {cert: a.crt, key: keys/a.key}").certificates == [
                CertificateCandidate(certificate: "/var/lib/hysteria/a.crt", key: "/var/lib/hysteria/keys/a.key"),
                CertificateCandidate(certificate: "/etc/hysteria/a.crt", key: "/etc/hysteria/keys/a.key"),
            ]
        )
    }

    @Test("acme directories come from the file then the environment then the default")
    func acmeDirectoriesComeFromTheFileThenTheEnvironmentThenTheDefault() throws {
        let name = "certificates/acme-v02.api.letsencrypt.org-directory/a.example.com/a.example.com"
        func first(_ text: String, _ environment: [String: String] = [:]) throws -> CertificateCandidate? {
            try read(text, environment: environment).certificates.first
        }
        let variable = ["HYSTERIA_ACME_DIR": "/env"]
        let configured = try first("acme: {domains: [a.example.com], dir: /own}", variable)
        #expect(configured?.certificate == "/own/\(name).crt")
        #expect(configured?.key == "/own/\(name).key")
        #expect(configured?.domain == "a.example.com")
        #expect(try first("acme: {domains: a.example.com}", variable)?.certificate == "/env/\(name).crt")
        #expect(try first("acme: {domains: [a.example.com]}")?.certificate == "/var/lib/hysteria/acme/\(name).crt")
    }

    @Test(
        "acme paths are written as the library writes them",
        arguments: [
            (
                "*.Example.com", "le",
                "acme-v02.api.letsencrypt.org-directory/wildcard_.example.com/wildcard_.example.com"
            ),
            ("example.com", "ZeroSSL", "acme.zerossl.com-v2-dv90/example.com/example.com"),
            ("example.com", "zero", "acme.zerossl.com-v2-dv90/example.com/example.com"),
            ("../../etc/x", "letsencrypt", "acme-v02.api.letsencrypt.org-directory/etcx/etcx"),
            ("a....b", "letsencrypt", "acme-v02.api.letsencrypt.org-directory/ab/ab"),
        ]
    )
    func acmePathsAreWrittenAsTheLibraryWritesThem(domain: String, ca: String, path: String) throws {
        let file = try read("acme: {domains: ['\(domain)'], dir: /d, ca: \(ca)}")
        #expect(file.certificates.map(\.certificate) == ["/d/certificates/\(path).crt"])
    }

    @Test("every problem is reported with its line and key")
    func everyProblemIsReportedWithItsLineAndKey() {
        let problems = self.problems(
            """
            trafficStats:
              listen: 9999
              secret: " x"
            acme:
              domains: {a: b}
              ca: buypass
            """
        )
        #expect(problems.count == 4)
        #expect(
            problems[0]
                == "h.yaml:2: trafficStats.listen: '9999' has no port; expected an address such as 127.0.0.1:9999"
        )
        #expect(problems[1].hasPrefix("h.yaml:3: trafficStats.secret: the secret begins or ends with whitespace"))
        #expect(problems[2].hasPrefix("h.yaml:5: acme.domains: expected text"))
        #expect(problems[3] == "h.yaml:6: acme.ca: expected letsencrypt or zerossl, found 'buypass'")
    }

    @Test(
        "a wrong shape is reported once",
        arguments: [
            ("trafficStats: yes", "h.yaml:1: trafficStats: expected keys with values, found a single value"),
            ("- a\n- b", "h.yaml:1: expected keys with values, found a list"),
            ("a: b\ntrafficStats: {listen: ':1', Listen: ':2'}", "h.yaml:2: trafficStats: has the key 'listen' twice"),
            ("a: 1\nb:\n  c: 2\n  c: 3", "h.yaml:3: has a key twice: 'c'"),
        ]
    )
    func aWrongShapeIsReportedOnce(text: String, expected: String) {
        #expect(problems(text) == [expected])
    }

    @Test("a syntax error tells its line and not the secret beside it")
    func aSyntaxErrorTellsItsLineAndNotTheSecretBesideIt() {
        let problems = self.problems("trafficStats:\n  listen: :9999\n  secret: \"hush-hush\n")
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("h.yaml:") == true)
        #expect(problems.first?.contains("hush") == false)
    }

    @Test("anchors and aliases mean what they mean to Hysteria")
    func anchorsAndAliasesMeanWhatTheyMeanToHysteria() throws {
        let file = try read("names: &n {listen: ':9999', secret: &s hush}\ntrafficStats: *n\nobfs: *s\n")
        #expect(file.statsAddress?.port == 9999)
        #expect(file.secret == (try Secret("hush")))
    }

    @Test("a byte order mark is not part of the first key")
    func aByteOrderMarkIsNotPartOfTheFirstKey() throws {
        #expect(try read("\u{feff}trafficStats: {listen: ':1'}").statsAddress?.port == 1)
    }

    @Test("what grows without end is an error with its line")
    func whatGrowsWithoutEndIsAnErrorWithItsLine() {
        var bomb = "a0: &a0 [x, x]\n"
        for level in 1...40 { bomb += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        let problems = self.problems(bomb)
        #expect(problems.count == 1)
        #expect(problems.first?.hasSuffix(": has more than 1048576 values, with those that aliases repeat") == true)
        #expect(
            self.problems("a:\n  " + String(repeating: "[", count: 100_000)) == [
                "h.yaml:2: has more than 100 lists and mappings within each other"
            ]
        )
        #expect(self.problems(String(repeating: " ", count: 17 << 20)) == ["h.yaml: has more than 16777216 bytes"])
    }

    @Test(
        "what is not YAML says why",
        arguments: [
            ("a: \u{0}", "h.yaml: is neither YAML nor JSON: control characters are not allowed"),
            ("a: b\n---\nc: d\n", "h.yaml:2: is neither YAML nor JSON: but found another document"),
            ("a: *b\n", "h.yaml:1: is neither YAML nor JSON: found undefined alias"),
            ("a: [1\n", "h.yaml:2: is neither YAML nor JSON: did not find expected ',' or ']'"),
        ]
    )
    func whatIsNotYAMLSaysWhy(text: String, expected: String) {
        #expect(problems(text) == [expected])
    }
}
