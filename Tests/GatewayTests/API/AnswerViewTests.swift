import HTTPServer
import HysteriaStats
import NIOCore
import Testing

@testable import Access
@testable import Gateway

@Suite("A caller limited to users gets nothing of the others")
struct AnswerViewTests {
    /// `anné` in two ways of writing it, equal as Swift strings and different for Hysteria; and a name twice, as names
    /// that were not valid UTF-8 come out.
    private static let composed = "ann\u{E9}"
    private static let decomposed = "anne\u{301}"
    private static let caller = Caller(
        TokenGrant(name: "t", scopes: [.traffic], users: UserSet([composed, "\u{FFFD}", "<b>"]))
    )

    private func view(_ view: AnswerView, _ body: String, _ format: AnswerFormat) throws -> String {
        let (answer, call) = (ByteBuffer(string: body), EndpointCall(format: format, caller: Self.caller))
        let response = try view.relay(answer, call) ?? view.make(answer, call)
        return String(buffer: response.body)
    }

    @Test("names are compared byte by byte", arguments: [AnswerFormat.json, .text])
    func canonicallyEqual(format: AnswerFormat) throws {
        let body =
            #"{"\#(Self.decomposed)":{"tx":987654,"rx":2},"\#(Self.composed)":{"tx":3,"rx":4},"x":{"tx":1,"rx":1}}"#
        let text = try view(TrafficEndpoint.view, body, format)
        #expect(text.utf8.elementsEqual(#"{"ann\#u{E9}":{"tx":3,"rx":4}}"#.utf8) || format == .text)
        #expect(!text.unicodeScalars.contains("\u{301}"))
        #expect(!text.contains("98"), "nor is it in a sum")
    }

    @Test("names that come twice stay so")
    func duplicates() throws {
        let body = "{\"\u{FFFD}\":{\"tx\":1,\"rx\":2},\"\u{FFFD}\":{\"tx\":3,\"rx\":4},\"y\":{\"tx\":5,\"rx\":6}}"
        #expect(
            try view(TrafficEndpoint.view, body, .json)
                == "{\"\u{FFFD}\":{\"tx\":1,\"rx\":2},\"\u{FFFD}\":{\"tx\":3,\"rx\":4}}"
        )
    }

    @Test("names are written as Hysteria escapes them")
    func escapes() throws {
        let body = #"{"\u003cb\u003e":{"tx":1,"rx":18446744073709551615},"z":{"tx":1,"rx":1}}"#
        #expect(try view(TrafficEndpoint.view, body, .json) == #"{"\u003cb\u003e":{"tx":1,"rx":18446744073709551615}}"#)
    }

    @Test("streams of others are not shown, whatever they lead to")
    func streams() throws {
        let stream = { (user: String, site: String) in
            #"{"state":"estab","auth":"\#(user)","connection":1,"stream":4,"req_addr":"\#(site)","hooked_req_addr":"","tx":1,"#
                + #""rx":2,"initial_at":"2026-01-01T00:00:00Z","last_active_at":"2026-01-01T00:00:00Z"}"#
        }
        let body = #"{"streams":[\#(stream("x", "private.example:1")),\#(stream("\u{FFFD}", "mine.example:1"))]}"#
        for format in [AnswerFormat.json, .text] {
            let text = try view(StreamsEndpoint.view, body, format)
            #expect(text.contains("mine.example"))
            #expect(!text.contains("private.example"))
        }
    }

    @Test(
        "an answer that is not what Hysteria sends is not passed on",
        arguments: ["", "[]", "{", #"{"a":1}"#, #"{"a":{"tx":-1,"rx":0}}"#, "{} x"]
    )
    func malformed(body: String) {
        #expect(throws: (any Error).self) { try view(TrafficEndpoint.view, body, .json) }
    }
}
