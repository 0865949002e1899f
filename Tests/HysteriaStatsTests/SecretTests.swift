import HysteriaStats
import Testing

@Suite struct SecretTests {
    @Test("never shows itself")
    func neverShowsItself() throws {
        let secret = try Secret("hush-hush")
        var dumped = ""
        dump(["secret": secret], to: &dumped)
        for text in [
            "\(secret)", String(describing: secret), String(reflecting: secret), "\([secret])",
            String(describing: Optional(secret)),
            dumped,
            String(reflecting: StatsUpstream(address: StatsAddress(host: "h", port: 1), secret: secret)),
        ] {
            #expect(!text.contains("hush"))
        }
    }

    @Test("gives its bytes")
    func givesItsBytes() throws {
        #expect(try Secret("aé b").withUnsafeBytes { Array($0) } == Array("aé b".utf8))
    }

    @Test("refuses control characters", arguments: ["a\r\nX: 1", "a\u{0}", "\u{7f}", "a\nb"])
    func refusesControlCharacters(text: String) {
        #expect(throws: Secret.FormatError.controlByte) { try Secret(text) }
    }

    @Test("refuses what a server would trim")
    func refusesWhatAServerWouldTrim() {
        #expect(throws: Secret.FormatError.empty) { try Secret("") }
        #expect(throws: Secret.FormatError.blankAtAnEnd) { try Secret(" a") }
        #expect(throws: Secret.FormatError.blankAtAnEnd) { try Secret("a\t") }
    }
}
