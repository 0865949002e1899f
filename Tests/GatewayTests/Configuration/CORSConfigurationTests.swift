import Gateway
import Testing

@Suite("The origins of a configuration")
struct CORSConfigurationTests {
    private typealias Fixture = ConfigurationFixture

    @Test("are none unless they are named")
    func absent() throws {
        #expect(try Fixture.load(Fixture.minimal).origins == .none)
    }

    @Test(
        "are taken as browsers write them",
        arguments: [
            "https://panel.example", "http://localhost:3000", "https://192.0.2.1:8443", "https://[2001:db8::1]:8443",
            "https://xn--bcher-kva.example", "capacitor://localhost", "chrome-extension://abcdefghijklmnop",
        ]
    )
    func named(origin: String) throws {
        let configuration = try Fixture.load("cors: [\"\(origin)\", https://a.example]\n" + Fixture.minimal)
        #expect(configuration.origins.named == [origin, "https://a.example"])
        #expect(!configuration.origins.any)
    }

    @Test("can be all there are")
    func any() throws {
        #expect(try Fixture.load("cors: [\"*\"]\n" + Fixture.minimal).origins == .all)
    }

    @Test(
        "are refused where no browser would write them so, with what it would write",
        arguments: [
            ("https://panel.example/", "https://panel.example"), ("https://panel.example/app", "https://panel.example"),
            ("https://Panel.Example", "https://panel.example"), ("HTTPS://panel.example", "https://panel.example"),
            ("https://panel.example:443", "https://panel.example"), ("http://a.example:80", "http://a.example"),
            ("https://a.example:", "https://a.example"), ("https://a.example:08443", "https://a.example:8443"),
            ("https://[2001:DB8:0::1]", "https://[2001:db8::1]"),
        ]
    )
    func unusual(origin: String, meant: String) {
        #expect(
            Fixture.problems("cors: [\"\(origin)\"]\n" + Fixture.minimal) == [
                "config.yaml:1: cors[0]: found '\(origin)'; expected '\(meant)', as browsers write it"
            ]
        )
    }

    @Test(
        "are refused where they are none",
        arguments: [
            "panel.example", "https://", "//panel.example", "https://panel.example:0", "https://panel.example:65536",
            "https://user@panel.example", "https://*.example", "https://bücher.example", "https://[::1", "https://[x]",
            "https://a b", "1https://a.example", "https://1.2.3", "",
        ]
    )
    func wrong(origin: String) {
        #expect(
            Fixture.problems("cors: [\"\(origin)\"]\n" + Fixture.minimal) == [
                "config.yaml:1: cors[0]: found '\(origin)'; expected the origin of a site, "
                    + "such as https://panel.example or http://localhost:3000"
            ]
        )
    }

    @Test("are refused as a list that cannot be meant")
    func lists() {
        for (text, problem) in [
            (
                "[]",
                "cors: found an empty list; expected at least one of the origins"
            ),
            (
                "https://panel.example",
                "cors: found a single value; expected a list in brackets: cors: [\"https://panel.example\"]"
            ),
            (
                "[https://a.example, https://a.example]",
                "cors[1]: 'https://a.example' is given more than once; expected each origin once"
            ),
            (
                "[\"*\", https://a.example]",
                "cors[0]: '*' is every origin; expected '*' alone, or the origins that are meant"
            ),
            (
                "[\"null\"]",
                "cors[0]: 'null' is every page that hides where it is from; expected the origin of a site, "
                    + "such as https://panel.example or http://localhost:3000"
            ),
        ] {
            #expect(Fixture.problems("cors: \(text)\n" + Fixture.minimal) == ["config.yaml:1: " + problem])
        }
    }
}
