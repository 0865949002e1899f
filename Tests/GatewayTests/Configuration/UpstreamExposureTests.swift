import HysteriaStats
import Testing

@testable import Gateway
@testable import GatewayConfiguration

@Suite("Hysteria's stats API that is open to the internet is told")
struct UpstreamExposureTests {
    private static func warnings(_ listen: String, secret: String? = "theirs", with more: String = "") throws
        -> [String]
    {
        let secret = secret.map { ", secret: \($0)" } ?? ""
        let text = "acme:\n  domains: [a.example]\ntrafficStats: {listen: \"\(listen)\"\(secret)}\n"
        return try ConfigurationFixture.load("hysteria: /etc/hysteria/config.yaml\n" + ConfigurationFixture.minimal) {
            $0.file("/etc/hysteria/config.yaml", text, mode: 0o640, owner: "root", group: "gateway")
        }.warnings.map(\.description).filter { $0.contains("internet") }
    }

    @Test(
        "for every address that is not loopback, with the line to write instead",
        arguments: [
            (":9999", "127.0.0.1:9999"), ("0.0.0.0:9999", "127.0.0.1:9999"), ("[::]:25", "[::1]:25"),
            ("192.0.2.7:9999", "127.0.0.1:9999"), ("10.0.0.7:9999", "127.0.0.1:9999"),
            ("[2001:db8::1]:9999", "[::1]:9999"), ("vpn.example:9999", "127.0.0.1:9999"),
            ("128.0.0.1:9999", "127.0.0.1:9999"), ("[::11]:9999", "[::1]:9999"),
        ]
    )
    func open(listen: String, instead: String) throws {
        let warnings = try Self.warnings(listen)
        #expect(warnings.count == 1)
        let warning = try #require(warnings.first)
        #expect(warning.hasPrefix("/etc/hysteria/config.yaml:3: trafficStats.listen: "))
        #expect(warning.contains("learns its secret"))
        #expect(warning.contains("'\(listen)'"))
        #expect(warning.hasSuffix("listen: \(instead), and restart Hysteria"))
        #expect(!warning.contains("theirs"))
    }

    @Test(
        "and no loopback address is taken for one",
        arguments: [
            "127.0.0.1:9999", "127.8.9.10:9999", "localhost:9999", "LocalHost:9999", "[::1]:9999",
            "[0:0:0:0:0:0:0:1]:9999", "[::ffff:127.0.0.1]:9999",
        ]
    )
    func closed(listen: String) throws {
        #expect(try Self.warnings(listen).isEmpty)
    }

    @Test("and is worse without a secret")
    func withoutSecret() throws {
        let warning = try #require(try Self.warnings(":9999", secret: nil).first)
        #expect(warning.contains("it has no secret, so everybody can read, clear and kick"))
    }

    @Test("and found on the machine where Hysteria's file is not known, by check")
    func found() async throws {
        func results(_ listeners: [(String?, Int)], _ address: String = "127.0.0.1:9999") async -> [String] {
            let text =
                "upstream: {address: \"\(address)\", secret: s}\n"
                + ConfigurationFixture.certificates + ConfigurationFixture.tokens
            let environment = CheckEnvironment.fake(
                text,
                adapt: {
                    $0.listeners = {
                        listeners.map {
                            ListeningProcess(
                                address: ListenAddress(host: $0.0, port: $0.1),
                                user: "hysteria",
                                process: nil
                            )
                        }
                    }
                }
            )
            let check = ConfigurationCheck(path: "/etc/gw/config.yaml", environment: environment)
            return await check.run().map(\.description).filter { $0.contains("internet") }
        }
        for host in ["0.0.0.0", "::", "192.0.2.7"] {
            let warnings = await results([("127.0.0.1", 80), (host, 9999)])
            #expect(warnings.count == 1)
            #expect(warnings.first?.hasPrefix("warning  Hysteria's stats API is open to the internet") == true)
            #expect(warnings.first?.contains("listen: 127.0.0.1:9999") == true)
        }
        #expect(await results([("127.0.0.1", 9999), ("::1", 9999), ("0.0.0.0", 9998)]).isEmpty)
        // What listens here has nothing to do with a Hysteria elsewhere.
        #expect(await results([("0.0.0.0", 9999)], "192.0.2.7:9999").isEmpty)
    }
}
