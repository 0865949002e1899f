import Testing

@testable import Gateway

@Suite("What people write in the configuration")
struct ConfigurationMistakeTests {
    private typealias Fixture = ConfigurationFixture

    private static func messages(_ text: String) -> [String] {
        let problems = Fixture.problems(text, prepare)
        return problems.isEmpty ? Fixture.warnings(text, prepare) : problems
    }

    private static func prepare(_ files: inout FakeFiles) {
        files.directory("/tmp")
        files.directory("/run")
    }

    @Test("is answered with line, key, what was found and what to write", arguments: ConfigurationMistakes.all)
    func messages(of mistake: ConfigurationMistake) {
        #expect(Self.messages(mistake.text) == mistake.messages)
    }

    @Test("is never answered with a token, a secret or a hash", arguments: ConfigurationMistakes.all)
    func secrecy(of mistake: ConfigurationMistake) {
        for message in Self.messages(mistake.text) { Self.expectNoSecret(message) }
    }

    @Test("with a secret in it is no exception, in whatever way it is misspelt, for each key that has one")
    func secrecyInEveryShape() {
        let shapes: [(String) -> String] = [
            { "KEY: \($0)" }, { "KEY: [\($0)]" }, { "KEY: {\($0): x}" }, { "KEY: {x: \($0)}" }, { "KEY: \"\($0)" },
            { "KEY: '\($0)" }, { "KEY: \"\($0)\" x" }, { "KEY:\($0)" }, { "KEY \($0)" }, { "KEY = \($0)" },
            { "KEY=\($0)" }, { "KEY：\($0)" }, { "KEY: “\($0)”" }, { "\tKEY: \($0)" }, { "KEY:\t\($0)" },
            { "   KEY: \($0)" }, { " KEY: \($0)" }, { "KEY: \($0): x" }, { "KEY: x: \($0)" }, { "KEY: !\($0)" },
            { "KEY: &\($0)" }, { "KEY: *\($0)" }, { "KEY: %\($0)" }, { "KEY: @\($0)" }, { "KEY: `\($0)`" },
            { "KEY: |\n      \($0)" }, { "KEY:\n      \($0)" }, { "KEY:\n    - \($0)" }, { "KEY: \($0)\u{A0}" },
            { "KEY: \"\($0)\\q\"" }, { "KEY: \"\\u0001\($0)\"" }, { "KEY: \($0)\n    KEY: \($0)" }, { "- KEY: \($0)" },
            { "-KEY: \($0)" }, { "\($0): KEY" }, { "\($0)" }, { "Key: \($0)" }, { "KEYS: \($0)" }, { "KEY: \($0), x" },
            { "KEY: [\($0)" }, { "KEY: {\($0)" }, { "KEY: ${\($0)}" }, { "KEY: {{\($0)}}" }, { "KEY: ~/\($0)" },
            { "KEY: x # \($0)" }, { "KEY: #\($0)" }, { "address: u:\($0)@127.0.0.1:9999" }, { "KEY: Bearer \($0)" },
        ]
        let values = [ConfigurationMistakes.secret, ConfigurationMistakes.token, ConfigurationMistakes.digits]
        for key in ["secret", "secretFile", "token", "tokenFile", "hash"] {
            for shape in shapes {
                for value in values {
                    let line = shape(value).replacing("KEY", with: key)
                    let isUpstream = key.hasPrefix("secret")
                    let text =
                        isUpstream
                        ? "upstream:\n    address: 127.0.0.1:9999\n    \(line)\n" + Fixture.certificates
                            + Fixture.tokens
                        : Fixture.upstream + Fixture.certificates
                            + "tokens:\n  - name: phone\n    \(line)\n    scopes: [traffic]\n"
                    for message in Self.messages(text) { Self.expectNoSecret(message, in: line) }
                }
            }
        }
    }

    @Test("with line ends of Windows is read like any other")
    func lineEnds() throws {
        let text = "threads: 3\n" + Fixture.minimal
        let configuration = try Fixture.load(text.replacing("\n", with: "\r\n"))
        #expect(configuration.threads == 3)
        #expect(Fixture.problems("threads: x\r\n\r\n threads 2\r\n").first?.hasPrefix("config.yaml:") == true)
    }

    @Test("where there is none at all is told apart from what may not be read")
    func noFile() {
        #expect(
            Fixture.problems("") { $0.link("/etc/gw/config.yaml", to: "/nowhere.yaml") } == [
                "config.yaml: the configuration cannot be read: /nowhere.yaml does not exist; "
                    + "name another one with --config"
            ]
        )
        #expect(
            Fixture.problems("") { $0.file("/etc/gw/config.yaml", mode: 0o000) } == [
                "config.yaml: the configuration cannot be read: "
                    + "user 'gateway' may not read /etc/gw/config.yaml (---------- gateway:gateway); "
                    + "run: chmod u+r /etc/gw/config.yaml"
            ]
        )
        #expect(
            Fixture.problems("") {
                $0.file("/etc/gw/config.yaml", mode: 0o640, owner: "root", group: "hysteria-gateway")
            } == [
                "config.yaml: the configuration cannot be read: "
                    + "user 'gateway' may not read /etc/gw/config.yaml (-rw-r----- root:hysteria-gateway); "
                    + "run it as root or as a user of the group 'hysteria-gateway'"
            ]
        )
        #expect(
            Fixture.problems("") {
                $0.file("/etc/gw/config.yaml", mode: 0o600, owner: "root", group: "gateway")
            } == [
                "config.yaml: the configuration cannot be read: "
                    + "user 'gateway' may not read /etc/gw/config.yaml (-rw------- root:gateway); "
                    + "run: chmod g+r /etc/gw/config.yaml"
            ]
        )
        #expect(
            Fixture.problems("") {
                $0.directory("/root", mode: 0o700)
                $0.link("/etc/gw/config.yaml", to: "/root/config.yaml")
            } == [
                "config.yaml: the configuration cannot be read: user 'gateway' may not enter /root (drwx------ root:root); "
                    + "keep the file where user 'gateway' may go, such as /etc/hysteria-gateway"
            ]
        )
    }

    private static func expectNoSecret(_ message: String, in line: String = "") {
        #expect(!message.contains(ConfigurationMistakes.secret), "\(line)")
        #expect(!message.contains(ConfigurationMistakes.token.dropFirst(3)), "\(line)")
        #expect(!message.contains(ConfigurationMistakes.digits.prefix(16)), "\(line)")
    }
}
