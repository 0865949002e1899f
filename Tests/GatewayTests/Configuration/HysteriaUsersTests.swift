import HysteriaStats
import Testing

@testable import Gateway

@Suite("The users of tokens are compared with those of Hysteria's own file")
struct HysteriaUsersTests {
    private static func warnings(_ users: String, auth: String, own: Bool = true) throws -> [String] {
        let text =
            "hysteria: /etc/hysteria/config.yaml\n" + ConfigurationFixture.certificates + """
                upstream: {address: "127.0.0.1:9999", secret: theirs}
                tokens:
                  - name: wang
                    hash: sha256:\(String(repeating: "0", count: 64))
                    scopes: [traffic]
                    users: \(users)

                """
        return try ConfigurationFixture.load(text) {
            $0.file("/etc/hysteria/config.yaml", auth, mode: 0o640, owner: "root", group: "gateway")
        }.warnings.map(\.description).filter { $0.contains("users") }
    }

    private static let userpass = "auth: {type: userpass, userpass: {Wang: a, anna: b, 'Zoë': c}}"

    @Test("and one that Hysteria makes lower-case is told, with the name to write")
    func upperCase() throws {
        let warnings = try Self.warnings("[anna, Wang]", auth: Self.userpass)
        #expect(warnings.count == 1)
        let warning = try #require(warnings.first)
        #expect(warning.contains("tokens[0].users[1]: "))
        #expect(warning.contains("'Wang' sees nothing"))
        #expect(warning.hasSuffix("write 'wang'"))
    }

    @Test("and one that it does not have, with the nearest that it has")
    func unknown() throws {
        let warnings = try Self.warnings("[annna, zoë, somebody-else]", auth: Self.userpass)
        #expect(warnings.count == 2)
        #expect(warnings.first?.contains("no user 'annna' in auth.userpass") == true)
        #expect(warnings.first?.hasSuffix("did you mean 'anna'?") == true)
        #expect(warnings.last?.contains("'somebody-else'") == true)
        #expect(warnings.allSatisfy { !$0.contains(": b") })
    }

    @Test("with auth.type: password there is one user")
    func password() throws {
        #expect(try Self.warnings("[user]", auth: "auth: {type: password, password: p}").isEmpty)
        let warnings = try Self.warnings("[wang]", auth: "auth: {type: password, password: p}")
        #expect(warnings.first?.contains("Hysteria has one user, 'user'") == true)
    }

    @Test(
        "and where another program knows them, nothing is said",
        arguments: ["auth: {type: http, http: {url: x}}", "auth: {type: command, command: x}", "listen: :443"]
    )
    func elsewhere(auth: String) throws {
        #expect(try Self.warnings("[Wang]", auth: auth).isEmpty)
    }
}
