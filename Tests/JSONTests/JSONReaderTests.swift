import Foundation
import NIOCore
import Testing

@testable import JSON

@Suite struct JSONReaderTests {
    private func read<Value>(
        _ bytes: some Sequence<UInt8>,
        _ body: (inout JSONReader) throws(JSONError) -> Value
    ) throws -> Value {
        try Array(bytes).withUnsafeBytes { bytes in
            var reader = JSONReader(bytes)
            let value = try body(&reader)
            try reader.readEnd()
            return value
        }
    }

    private func string(_ text: String) throws -> String {
        try read(text.utf8) { (reader) throws(JSONError) in try reader.readString() }
    }

    private func number(_ text: String) throws -> UInt64 {
        try read(text.utf8) { (reader) throws(JSONError) in try reader.readUInt64() }
    }

    private func accepts(_ bytes: some Sequence<UInt8>) -> Bool {
        (try? read(bytes) { (reader) throws(JSONError) in try reader.skipValue() }) != nil
    }

    @Test(
        "strings are decoded",
        arguments: [
            (#""""#, ""), (#""wang""#, "wang"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
            (#""\u0000""#, "\u{0}"),
            (#""\u003cb\u003E""#, "<b>"), (#""\ud83d\uDE00!""#, "😀!"), (#""é\u00e9""#, "éé"),
            (#""\u2028""#, "\u{2028}"),
            ("\"\u{7f}\u{fffd}\"", "\u{7f}\u{fffd}"), (#" "x" "#, "x"),
        ]
    )
    func stringsAreDecoded(json: String, expected: String) throws {
        #expect(try Array(string(json).unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test(
        "wrong strings are refused",
        arguments: [
            "", "\"", "\"a", "\"\\", "\"\\\"", "'a'", "\"\\x41\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\u\"", "\"\\u+123\"",
            "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\n\"", "\"\\ud800\\ud800\"", "\"\\ud83d\\u\"", "\"\\ud83d\\u00\"",
            "\"\n\"", "\"\u{0}\"", "\"a\\n\u{1}\"", "\"a\"b", "\u{feff}\"a\"",
        ]
    )
    func wrongStringsAreRefused(json: String) {
        #expect(throws: JSONError.self) { try string(json) }
    }

    @Test(
        "invalid UTF8 is refused with and without escapes",
        arguments: [
            [0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82], [0x80],
        ] as [[UInt8]]
    )
    func invalidUTF8IsRefusedWithAndWithoutEscapes(bytes: [UInt8]) {
        #expect(!accepts([0x22] + bytes + [0x22]))
        #expect(!accepts(Array(#""\n"#.utf8) + bytes + [0x22]))
    }

    @Test(
        "numbers are exact",
        arguments: [
            ("0", 0), ("7", 7), ("9007199254740993", 9_007_199_254_740_993), ("18446744073709551615", UInt64.max),
        ] as [(String, UInt64)]
    )
    func numbersAreExact(json: String, expected: UInt64) throws {
        #expect(try number(json) == expected)
    }

    @Test(
        "wrong numbers are refused",
        arguments: [
            "18446744073709551616", "99999999999999999999999", "-1", "-0", "+1", "01", "00", "1.0", "1e3", "1E3", "1 2",
            "0x1", "", "a", "\"1\"", "null", "NaN", "1,",
        ]
    )
    func wrongNumbersAreRefused(json: String) {
        #expect(throws: JSONError.self) { try number(json) }
    }

    @Test("depth is bounded")
    func depthIsBounded() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(accepts(nested(JSONReader.depthLimit).utf8))
        #expect(!accepts(nested(JSONReader.depthLimit + 1).utf8))
        #expect(!accepts(String(repeating: "[", count: 1_000_000).utf8))
        #expect(!accepts(String(repeating: "{\"a\":", count: 1_000_000).utf8))
        // Depth is about nesting, not about how many there are.
        #expect(accepts("[\(Array(repeating: "[],{}", count: 1000).joined(separator: ","))]".utf8))
    }

    @Test("members come in order with duplicates")
    func membersComeInOrderWithDuplicates() throws {
        let keys = try read(#"{"b":1,"a":[{}],"b":null, "":{"x":-1.5e+9}}"#.utf8) { (reader) throws(JSONError) in
            var keys: [String] = []
            try reader.readObject { (key, reader) throws(JSONError) in
                keys.append(key)
                try reader.skipValue()
            }
            return keys
        }
        #expect(keys == ["b", "a", "b", ""])
    }

    @Test("an error tells where")
    func anErrorTellsWhere() {
        let error = #expect(throws: JSONError.self) { try number("  12x") }
        #expect(error?.description == "at byte 4: expected nothing more")
    }

    @Test("members that are known by name come with their number, however the name is written")
    func knownMembers() throws {
        let text = #"{"tx":1, "r\u0078" : 2,"t":3,"txx":4,"tx":5,"é":6}"#
        var members: [String] = []
        try ByteBuffer(string: text).readingJSON { (reader) throws(JSONError) in
            try reader.readObject(of: ["tx", "rx"]) { (number, reader) throws(JSONError) in
                members.append("\(number ?? -1)=\(try reader.readUInt64())")
            }
        }
        #expect(members == ["0=1", "1=2", "-1=3", "-1=4", "0=5", "-1=6"])
        for bad in [#"{"tx"}"#, #"{tx:1}"#, #"{"tx:1}"#, #"{"tx":1,}"#, "{\"tx", "{\"\n\":1}"] {
            #expect(throws: JSONError.self) {
                try ByteBuffer(string: bad).readingJSON { (reader) throws(JSONError) in
                    try reader.readObject(of: ["tx"]) { (_, reader) throws(JSONError) in try reader.skipValue() }
                }
            }
        }
    }

    /// What is accepted must be what Foundation, which shares no code with us, accepts.
    @Test("mutated texts are accepted exactly when they are JSON")
    func mutatedTextsAreAcceptedExactlyWhenTheyAreJSON() throws {
        let seeds = [
            #"{"wang":{"tx":514,"rx":18446744073709551615},"\u003c\ud83d\ude00":{"tx":0,"rx":1}}"#,
            #"{"streams":[{"state":"estab","n":-0.5e-3,"t":true,"f":false,"z":null,"a":[[],{}]}]} "#,
            #"["a","é","\\\"\/\b\f\n\r\t"]"#,
        ]
        for bytes in MutatedJSON(6000, of: seeds, changes: 1...3, seed: 20_261_122) {
            let theirs = (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
            let ours = accepts(bytes)
            let text = String(decoding: bytes, as: UTF8.self)
            if ours, !theirs {
                // Foundation refuses numbers that no Double holds; as JSON they are right.
                #expect(text.contains(/[0-9][eE]\+?[0-9]{3}/), "only we accept \(text)")
            } else if theirs, !ours {
                // Foundation takes a comma before a closing brace, and ends a number at a NUL.
                #expect(text.contains(/,\s*[}\]]|[0-9]\0/), "only they accept \(text)")
            }
        }
    }
}
