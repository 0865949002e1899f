import HysteriaStats
import Testing

@testable import Access
@testable import Gateway

@Suite("Tokens that look like nothing, and Hysteria's secret, are taken out of what is logged")
struct LogRedactionTests {
    private static let horse = "correct-horse-battery"
    private static let signs = "cor:rect/hor=se,bat&tery"

    private let redaction = LogRedaction(
        tokens: TokenTable([.sample("horse", horse), .sample("signs", signs)]),
        secrets: [try? Secret("s3cret-of/Hysteria")].compactMap { $0 },
        known: .api
    )

    @Test(
        "of a header field",
        arguments: [
            horse, "Bearer \(horse)", "panel/1.0 (\(horse))", "token=\(horse);x", "a \(signs)", "<\(horse)>",
            "u:\(horse)@host", "correct%2Dhorse%2dbattery", "s3cret-of/Hysteria", "xs3cret-of/Hysteriax",
            "s3cret-of%2FHysteria", "s3cret-of%252FHysteria",
        ]
    )
    func fields(text: String) {
        #expect(redaction.field(text) == "***")
        #expect(redaction.field(text) == "***")
    }

    @Test(
        "and what is none stays",
        arguments: [
            "curl/8.0", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)", "",
            "correct-horse-batter", "correct-horse-battery-staple", "S3CRET-OF/HYSTERIA", "a%zz",
        ]
    )
    func plainFields(text: String) {
        #expect(redaction.field(text) == text)
        #expect(redaction.field("hg_abc \(text)").hasPrefix("hg_***"))
    }

    @Test(
        "of a method",
        arguments: [
            (horse, "***"), ("GET", "GET"), ("VERSION-CONTROL", "VERSION-CONTROL"), ("hg_abc", "hg_***"),
            ("s3cret-of/Hysteria", "***"), ("CORRECTHORSEBATTERY", "***"),
        ]
    )
    func methods(text: String, expected: String) {
        #expect(redaction.method(text) == expected)
    }

    @Test(
        "of a target, with the values of its parameters",
        arguments: [
            ("/\(horse)", "/***"), ("/traffic?clear=\(horse)", "/traffic?clear=***"),
            ("/traffic?format=correct%2Dhorse-battery", "/traffic?format=***"),
            ("/traffic?clear=1&format=text", "/traffic?clear=1&format=text"),
        ]
    )
    func targets(text: String, expected: String) {
        #expect(redaction.target(text) == expected)
    }

    @Test("a secret that is shorter than a token, too; and for a while, the one before")
    func shortSecret() throws {
        let redaction = LogRedaction(tokens: TokenTable([]), secrets: [try Secret("hush")], known: .api)
        #expect(redaction.target("/hush") == "***")
        #expect(redaction.target("/a/h%75sh?x=1") == "***")
        #expect(redaction.method("hush") == "***")
        #expect(redaction.field("panel hush") == "***")
        redaction.adopt(tokens: TokenTable([.sample("horse", Self.horse)]), secrets: [try Secret("peace")])
        #expect(redaction.field("panel hush") == "***")
        #expect(redaction.field("panel peace") == "***")
        #expect(redaction.field(Self.horse) == "***")
        #expect(redaction.target("/traffic") == "/traffic")
    }
}
