import Testing

@testable import Gateway

@Suite("Tokens are taken out of what is logged")
struct TokenRedactionTests {
    @Test(
        "wherever they stand, however they are encoded",
        arguments: [
            ("hg_abc-DEF_123", "hg_***"), ("a hg_abc b", "a hg_*** b"), ("hg_a/hg_b", "hg_***/hg_***"),
            ("hg_", "hg_***"),
            ("/hg%5fabc", "/hg_***"), ("/hg%5Fabc/x", "/hg_***/x"), ("%68%67%5f%61bc", "hg_***"),
            ("%2568g_abc", "hg_***"), ("%252568g_abc", "hg_***"), ("hg_ab%63%64", "hg_***"), ("hg_abc%20d", "hg_*** d"),
            ("xhg_hg_abc", "xhg_***"), ("hg_é", "hg_***é"),
        ]
    )
    func taken(text: String, expected: String) {
        #expect(TokenRedaction.redact(text) == expected)
    }

    @Test(
        "what contains none stays as it was sent",
        arguments: ["", "/traffic?clear=1", "100%", "%zz", "%41", "HG_abc", "hg-abc", "%25", "%%%"]
    )
    func untouched(text: String) {
        #expect(TokenRedaction.redact(text) == text)
    }

    @Test(
        "of a query, only what means something here is kept",
        arguments: [
            ("/traffic", "/traffic"), ("/traffic?", "/traffic?"),
            ("/traffic?clear=1&format=text", "/traffic?clear=1&format=text"),
            ("/traffic?token=horse", "/traffic?token=***"), ("/traffic?horse", "/traffic?***"),
            ("/?a=b=c&&clear=yes&d", "/?a=***&&clear=yes&***"), ("/?=horse", "/?=***"),
            ("/?CLEAR=horse", "/?CLEAR=***"), ("/?x=1?clear=1", "/?x=***"), ("/a?b=hg_c", "/a?b=***"),
            ("/?clear=hg_c", "/?clear=hg_***"), ("/hg_abc?clear=1", "/hg_***?clear=1"),
        ]
    )
    func query(target: String, expected: String) {
        #expect(TokenRedaction.redact(target: target, known: .api) == expected)
    }

    @Test(
        "of a path that leads nowhere, nothing is kept that could be a token",
        arguments: [
            ("/wp-admin/setup.php", "/wp-admin/setup.php"), ("/.env", "/.env"), ("/TRAFFIC", "/TRAFFIC"),
            ("/123456789012345", "/123456789012345"), ("/1234567890123456", "/***"),
            ("/traffic/correct-horse-battery", "/traffic/***"),
            ("/a/correct!horse,battery/b?clear=1", "/a/***?clear=1"),
            ("/correct%2Dhorse%2Dbattery", "/***"), ("/a/%zz-horse-battery", "/a/***"),
            ("/Y29ycmVjdCBob3JzZQ/c3RhcGxl", "/***"), ("correct-horse-battery", "***"),
            ("/" + String(repeating: "a/", count: 40), "/" + String(repeating: "a/", count: 31) + "a***"),
            ("/dump/streams?a=b", "/dump/streams?a=***"), ("/%64ump/stream%73?clear=", "/%64ump/stream%73?clear="),
            ("/%64%75%6d%70/%73%74%72%65%61%6d%73", "/%64%75%6d%70/%73%74%72%65%61%6d%73"),
        ]
    )
    func unknownPath(target: String, expected: String) {
        #expect(TokenRedaction.redact(target: target, known: .api) == expected)
    }
}
