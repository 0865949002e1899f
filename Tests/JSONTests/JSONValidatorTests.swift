import NIOCore
import Testing

@testable import JSON

@Suite("An answer is one JSON object, or none")
struct JSONValidatorTests {
    private func accepts(_ bytes: some Sequence<UInt8>) -> Bool {
        var validator = JSONValidator()
        return validator.finish(ByteBuffer(bytes: bytes))
    }

    /// The same, looked at after each byte that comes.
    private func acceptsInPieces(_ bytes: some Sequence<UInt8>) -> Bool {
        var validator = JSONValidator()
        var arrived = ByteBuffer()
        for byte in bytes {
            arrived.writeInteger(byte)
            validator.advance(through: arrived)
        }
        return validator.finish(arrived)
    }

    @Test(
        "what Hysteria sends is taken",
        arguments: [
            "{}", " {}\n", "\t{ } \r\n", #"{"wang":{"tx":514,"rx":18446744073709551615}}"#, #"{"":0}"#,
            #"{"a":-0.5e-3,"b":[1,true,false,null,[],{}],"c":"\u003c\ud83d\ude00\\\"\/\b\f\n\r\t"}"#,
            #"{"长长的名字很长":1,"é":2,"\#u{7f}":3,"😀":4}"#, #"{"a":1,"a":2}"#, #"{"a" : 1 , "b" : [ 1 , 2 ] }"#,
            #"{"streams":[]}"# + "\n",
        ]
    )
    func good(text: String) {
        #expect(accepts(text.utf8))
        #expect(acceptsInPieces(text.utf8))
    }

    @Test(
        "and nothing else",
        arguments: [
            "", " ", "{", "}", "{}}", "{} {}", "[]", "1", "null", "\"a\"", "{a:1}", "{'a':1}", #"{"a"}"#, #"{"a":}"#,
            #"{"a":1,}"#, #"{,}"#, #"{"a":[1,]}"#, #"{"a":[,1]}"#, #"{"a":1 "b":2}"#, #"{"a":[1 2]}"#, #"{"a"::1}"#,
            #"{"a":NaN}"#, #"{"a":Infinity}"#, #"{"a":-Infinity}"#, #"{"a":nul}"#, #"{"a":nulll}"#, #"{"a":True}"#,
            #"{"a":01}"#, #"{"a":-}"#, #"{"a":1.}"#, #"{"a":.5}"#, #"{"a":1e}"#, #"{"a":1e+}"#, #"{"a":+1}"#,
            #"{"a":0x10}"#, #"{"a":1_000}"#, #"{"a":--1}"#, #"{"a":00}"#, #"{"a":]}"#, #"{"a":[}"#, #"{"a":[1}]"#,
            #"{"a":"\x"}"#, #"{"a":"\u12g4"}"#, #"{"a":"\u12"}"#, #"{"a":"\ud800"}"#, #"{"a":"\udc00"}"#,
            "{\"a\":\"\n\"}", "{\"a\u{0}\":1}", "{\"a\":1}\u{0}", "\u{feff}{}", #"{"a":1}//"#, #"{/**/}"#,
            #"{"a":"b}"#, #"{"a":"b\"#, #"{"a":"\"}"#,
        ]
    )
    func bad(text: String) {
        #expect(!accepts(text.utf8))
        #expect(!acceptsInPieces(text.utf8))
    }

    @Test(
        "bytes that are not UTF-8 make it none, wherever they stand in a string",
        arguments: [
            [0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82], [0x80],
            [0xe0, 0x80, 0x80], [0xf0, 0x80, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xc1, 0xbf],
        ] as [[UInt8]]
    )
    func invalidUTF8(bytes: [UInt8]) {
        for before in 0..<18 {
            let text = Array("{\"".utf8) + Array(repeating: 0x61, count: before)
            #expect(!accepts(text + bytes + Array("\":1}".utf8)))
            #expect(!accepts(text + bytes))
            #expect(accepts(text + Array("é\":1}".utf8)))
        }
    }

    @Test("it is as deep as the reader takes it, and no deeper")
    func depth() {
        func nested(_ depth: Int) -> String {
            String(repeating: "{\"a\":", count: depth) + "1" + String(repeating: "}", count: depth)
        }
        #expect(accepts(nested(JSONReader.depthLimit).utf8))
        #expect(!accepts(nested(JSONReader.depthLimit + 1).utf8))
        #expect(!accepts(String(repeating: "{\"a\":[", count: 1_000_000).utf8))
    }

    /// The reader shares no code with it.
    @Test("mutated answers are taken exactly when the reader takes them")
    func mutations() {
        let seeds = [
            #"{"wang":{"tx":514,"rx":18446744073709551615},"\u003c\ud83d\ude00 and more":{"tx":0,"rx":1}}"#,
            #"{"streams":[{"state":"estab","n":-0.5e-3,"t":true,"f":false,"z":null,"a":[[],{}]}]} "#,
            #"{"é長い名前":["a","é","\\\"\/\b\f\n\r\t"],"12345678":123456789012}"#,
        ]
        for bytes in MutatedJSON(500, of: seeds, changes: 0...3, seed: 20_261_128) {
            #expect(acceptsInPieces(bytes) == accepts(bytes), "\(String(decoding: bytes, as: UTF8.self))")
        }
        for bytes in MutatedJSON(30_000, of: seeds, changes: 0...3, seed: 20_261_127) {
            let isRead =
                (try? ByteBuffer(bytes: bytes).readingJSON { (reader) throws(JSONError) in
                    try reader.readObject { (_, reader) throws(JSONError) in try reader.skipValue() }
                }) != nil
            if accepts(bytes) != isRead {
                Issue.record("read: \(isRead), taken: \(!isRead): \(String(decoding: bytes, as: UTF8.self))")
            }
        }
    }
}
