import HysteriaStats
import JSON
import NIOCore
import Testing

@Suite struct AnswerTests {
    @Test(
        "traffic survives reading and writing byte for byte",
        arguments: [
            "{}",
            #"{"wang":{"tx":514,"rx":4017}}"#,
            #"{"":{"tx":0,"rx":18446744073709551615},"a\u003cb\u003e\u0026\u2028":{"tx":1,"rx":2}}"#,
            #"{"\u0000\b\f\n\r\t\u001f\u007f":{"tx":1,"rx":2},"é😀":{"tx":3,"rx":4}}"#
                .replacing("\\u007f", with: "\u{7f}"),
            #"{"x�":{"tx":1,"rx":1},"x�":{"tx":2,"rx":2}}"#,
        ]
    )
    func trafficSurvivesReadingAndWritingByteForByte(json: String) throws {
        #expect(String(buffer: try TrafficAnswer(parsing: ByteBuffer(string: json)).encoded()) == json)
    }

    @Test("traffic keeps duplicates and order")
    func trafficKeepsDuplicatesAndOrder() throws {
        let answer = try TrafficAnswer(
            parsing: ByteBuffer(string: #"{"b\ufffd":{"tx":1,"rx":2},"b\ufffd":{"rx":4,"tx":3,"new":[1]}}"#)
        )
        #expect(
            answer.entries == [
                .init(user: "b\u{fffd}", tx: 1, rx: 2), .init(user: "b\u{fffd}", tx: 3, rx: 4),
            ]
        )
    }

    @Test(
        "traffic of another shape is refused",
        arguments: [
            "", "[]", "null", "{", #"{"a":1}"#, #"{"a":{"tx":1}}"#, #"{"a":{"rx":1}}"#, #"{"a":{"tx":-1,"rx":1}}"#,
            #"{"a":{"tx":"1","rx":1}}"#, #"{"a":{"tx":18446744073709551616,"rx":1}}"#, #"{"a":{"tx":1,"rx":1}} x"#,
            #"{"a":{"tx":1,"rx":1},}"#,
        ]
    )
    func trafficOfAnotherShapeIsRefused(json: String) {
        #expect(throws: JSONError.self) { try TrafficAnswer(parsing: ByteBuffer(string: json)) }
    }

    @Test("online survives reading and writing")
    func onlineSurvivesReadingAndWriting() throws {
        let json = #"{"a":1,"b\u003c":18446744073709551615}"#
        let answer = try OnlineAnswer(parsing: ByteBuffer(string: json))
        #expect(answer.entries == [.init(user: "a", connections: 1), .init(user: "b<", connections: .max)])
        #expect(String(buffer: answer.encoded()) == json)
        #expect(throws: JSONError.self) { try OnlineAnswer(parsing: ByteBuffer(string: #"{"a":-1}"#)) }
    }

    private let stream =
        #"{"state":"estab","auth":"wang","connection":4294967295,"stream":18446744073709551615,"#
        + #""req_addr":"a.example:443","hooked_req_addr":"","tx":1,"rx":2,"#
        + #""initial_at":"2026-08-01T10:00:00.123456789+02:00","last_active_at":"2026-08-01T10:00:01Z"}"#

    @Test("streams survive reading and writing")
    func streamsSurviveReadingAndWriting() throws {
        for json in [
            "{\"streams\":[]}\n", "{\"streams\":[\(stream)]}\n", "{\"streams\":[\(stream),\(stream)]}\n",
        ] {
            let answer = try StreamsAnswer(parsing: ByteBuffer(string: json))
            #expect(String(buffer: answer.encoded()) == json)
        }
        #expect(try StreamsAnswer(parsing: ByteBuffer(string: #"{"streams":null}"#)).streams.isEmpty)
    }

    @Test(
        "streams of another shape are refused",
        arguments: [
            "{}", #"{"streams":{}}"#, #"{"streams":[{}]}"#, #"{"streams":[null]}"#,
            #"{"streams":[{"state":"estab","auth":"wang","connection":4294967296,"stream":1}]}"#,
        ]
    )
    func streamsOfAnotherShapeAreRefused(json: String) {
        #expect(throws: JSONError.self) { try StreamsAnswer(parsing: ByteBuffer(string: json)) }
    }

    @Test(
        "kick bodies give the names",
        arguments: [
            ("[]", []), (#"["a"]"#, ["a"]), (#" [ "a" , "" ]  "#, ["a", ""]), (#"["\ud83d\ude00","a"]"#, ["😀", "a"]),
            ("[\"a\"]\r\n", ["a"]),
        ] as [(String, [String])]
    )
    func kickBodiesGiveTheNames(json: String, users: [String]) throws {
        #expect(try KickBody.parse(ByteBuffer(string: json)) == users)
    }

    @Test(
        "other kick bodies are refused",
        arguments: [
            "", "null", "{}", #"{"ids":["a"]}"#, #""a""#, "5", "[1]", "[null]", #"["a",null]"#, #"[["a"]]"#, #"["a""#,
            #"["a",]"#, "['a']", #"["a"] x"#, #"["a"]["b"]"#, "\u{feff}[]", #"["\ud800"]"#, "[\"a\nb\"]", "[,]",
        ]
    )
    func otherKickBodiesAreRefused(json: String) {
        #expect(throws: JSONError.self) { try KickBody.parse(ByteBuffer(string: json)) }
    }

    @Test("a kick body is written as it is read")
    func aKickBodyIsWrittenAsItIsRead() throws {
        let users = ["", "a\"b\\c", "\u{0}\n😀<>&\u{2028}", "é"]
        #expect(try KickBody.parse(KickBody.encoded(users)) == users)
    }
}
