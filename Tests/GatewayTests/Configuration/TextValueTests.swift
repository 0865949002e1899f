import Foundation
import NIOCore
import Testing
import Time

@testable import Gateway
@testable import GatewayConfiguration

@Suite("Values as people write them")
struct TextValueTests {
    @Test(
        "durations",
        arguments: [
            ("1ms", TimeAmount.milliseconds(1)), ("500ms", .milliseconds(500)), ("10s", .seconds(10)),
            ("1m", .minutes(1)), ("0s", .seconds(0)), ("24h", .hours(24)), ("007s", .seconds(7)),
        ]
    )
    func durations(text: String, expected: TimeAmount) {
        #expect(DurationText.parse(text) == expected)
    }

    @Test(
        "no durations",
        arguments: ["", "s", "ms", "10", "-1s", "+1s", "1.5s", "1 s", "1S", "1us", "1d", "٣s", "99999999999999999999s"]
    )
    func noDurations(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test("durations are written with the largest unit that leaves no rest")
    func durationFormat() {
        #expect(DurationText.format(.milliseconds(1500)) == "1500ms")
        #expect(DurationText.format(.seconds(90)) == "90s")
        #expect(DurationText.format(.seconds(120)) == "2m")
        #expect(DurationText.format(.minutes(120)) == "2h")
    }

    @Test(
        "moments",
        arguments: [
            ("1970-01-01", 0), ("2027-01-01", 1_798_761_600), ("2000-02-29", 951_782_400),
            ("2024-12-31", 1_735_603_200),
            ("2027-01-01T00:00:00Z", 1_798_761_600), ("2027-01-01t12:00:00.999z", 1_798_804_800),
            ("2027-01-01 12:00:00+02:00", 1_798_797_600), ("2026-12-31T20:30:00-03:30", 1_798_761_600),
            ("1969-12-31T23:59:59Z", -1), ("9999-12-31T23:59:60Z", 253_402_300_800), ("0001-01-01", -62_135_596_800),
        ] as [(String, Int64)]
    )
    func moments(text: String, expected: Int64) {
        #expect(ExpiryText.parse(text) == expected)
    }

    @Test(
        "no moments",
        arguments: [
            "", "2027", "2027-1-1", "2027-13-01", "2027-00-01", "2027-01-00", "2027-04-31", "2027-02-29", "2100-02-29",
            "2027-01-01T", "2027-01-01T12:00", "2027-01-01T12:00:00", "2027-01-01T24:00:00Z", "2027-01-01T12:60:00Z",
            "2027-01-01T12:00:61Z", "2027-01-01T12:00:00.Z", "2027-01-01T12:00:00+2:00", "2027-01-01T12:00:00+24:00",
            "2027-01-01T12:00:00Zx", "2027-01-01x", "20270101", "２０２７-01-01", "-2027-01-01", "01.01.2027",
        ]
    )
    func noMoments(text: String) {
        #expect(ExpiryText.parse(text) == nil)
    }

    @Test("every day of four centuries is what Foundation says it is")
    func calendar() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        for day in stride(from: Int64(-141_427), to: 47_482, by: 29) {
            let date = Date(timeIntervalSince1970: Double(day * 86_400))
            let parts = calendar.dateComponents([.year, .month, .day], from: date)
            let text = String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
            #expect(ExpiryText.parse(text) == day * 86_400)
            #expect(CivilTime(day * 86_400 + 3723).internetText == text + "T01:02:03Z")
        }
    }

    @Test("the nearest of known words")
    func nearest() {
        let known = ["connections", "connectionsPerAddress", "idleTimeout", "key"]
        #expect(NearestWord.find("conections", among: known) == "connections")
        #expect(NearestWord.find("CONNECTIONS", among: known) == "connections")
        #expect(NearestWord.find("connections_per_address", among: known) == "connectionsPerAddress")
        #expect(NearestWord.find("idel-timeout", among: known) == "idleTimeout")
        #expect(NearestWord.find("kye", among: known) == "key")
        #expect(NearestWord.find("idle", among: known) == "idleTimeout")
        #expect(NearestWord.find("zzz", among: known) == nil)
        #expect(NearestWord.find("", among: known) == nil)
        #expect(NearestWord.find(String(repeating: "k", count: 100_000), among: known) == nil)
    }

    @Test(
        "distances",
        arguments: [("", "", 0), ("a", "", 1), ("abc", "abc", 0), ("abc", "acb", 1), ("kitten", "sitting", 3)]
    )
    func distance(left: String, right: String, expected: Int) {
        #expect(NearestWord.distance(Array(left.utf8), Array(right.utf8)) == expected)
        #expect(NearestWord.distance(Array(right.utf8), Array(left.utf8)) == expected)
    }

    @Test("words for a shell")
    func shell() {
        #expect(ShellText.quote("/etc/gw/config.yaml") == "/etc/gw/config.yaml")
        #expect(ShellText.quote("a b") == "'a b'")
        #expect(ShellText.quote("it's") == #"'it'\''s'"#)
        #expect(ShellText.quote("") == "''")
        #expect(ShellText.quote("$(x)") == "'$(x)'")
        #expect(ShellText.quote("é") == "'é'")
    }

    @Test("excerpts stay on one line, short, and free of tokens")
    func excerpts() {
        #expect(Excerpt.quote("abc") == "'abc'")
        #expect(Excerpt.quote("a\n\u{1b}[31mb\u{202e}") == "'a<U+000A><U+001B>[31mb<U+202E>'")
        #expect(Excerpt.quote(String(repeating: "x", count: 100)) == "'\(String(repeating: "x", count: 48))…'")
        #expect(Excerpt.quote("x hg_abc") == "a text of 8 characters")
    }

    @Test("addresses that overlap")
    func overlap() {
        let all = ListenAddress(host: nil, port: 443)
        #expect(all.overlaps(all))
        #expect(all.overlaps(ListenAddress(host: "127.0.0.1", port: 443)))
        #expect(!all.overlaps(ListenAddress(host: nil, port: 80)))
        #expect(ListenAddress(host: "::", port: 443).overlaps(ListenAddress(host: "::1", port: 443)))
        #expect(ListenAddress(host: "0:0::1", port: 443).overlaps(ListenAddress(host: "::1", port: 443)))
        #expect(!ListenAddress(host: "::", port: 443).overlaps(ListenAddress(host: "127.0.0.1", port: 443)))
        #expect(ListenAddress(host: "0.0.0.0", port: 443).overlaps(ListenAddress(host: "127.0.0.1", port: 443)))
        #expect(!ListenAddress(host: "127.0.0.2", port: 443).overlaps(ListenAddress(host: "127.0.0.1", port: 443)))
        #expect(!ListenAddress(host: nil, port: 0).overlaps(ListenAddress(host: nil, port: 0)))
    }
}
