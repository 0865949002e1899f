import NIOCore
import Testing

@testable import JSON

@Suite("A document as a tree")
struct JSONValueTests {
    private func read(_ text: String) throws(JSONError) -> JSONValue {
        try JSONValue(parsing: ByteBuffer(string: text))
    }

    @Test("each kind of value is read as what it is")
    func kinds() throws {
        let value = try read(#" {"a":[1,-2,1.5,"x\n",true,false,null,{}],"b":9223372036854775808} "#)
        #expect(value["a"] == [1, -2, .decimal("1.5"), "x\n", true, false, .null, [:]])
        #expect(value["b"] == .decimal("9223372036854775808"))
        #expect(value["c"] == nil)
        #expect(try read("null") == .null)
    }

    @Test("a member that is null is absent")
    func nullMember() throws {
        #expect(try read(#"{"meta":null}"#)["meta"] == nil)
    }

    @Test("what is asked of another kind is nil")
    func otherKinds() {
        let value: JSONValue = "x"
        #expect(value.string == "x")
        #expect(value.integer == nil && value.bool == nil && value.array == nil && value.object == nil)
        #expect(value["x"] == nil)
        #expect(JSONValue.integer(4).integer == 4)
        #expect(JSONValue.bool(true).bool == true)
        #expect(JSONValue.array([]).array == [])
        #expect(JSONValue.object([:]).object == [:])
    }

    @Test(
        "what is no document is refused",
        arguments: [
            "", " ", "{", "nul", "tru", "-", "01", "1.", "{\"a\":1,}", "[1,]", "[1 2]", "{} {}", "\"", "{1:2}", "@",
            #"{"a":1,"a":2}"#, #"{"a":{"b":1,"b":1}}"#,
        ]
    )
    func refused(text: String) {
        #expect(throws: JSONError.self) { try read(text) }
    }

    @Test("the number of values is bounded, wherever they lie")
    func valueLimit() throws {
        func isRead(_ text: String) -> Bool {
            (try? JSONValue(parsing: ByteBuffer(string: text), valueLimit: 6)) != nil
        }
        #expect(isRead("[1,[2,3],4]"))
        #expect(!isRead("[1,[2,3],4,5]"))
        #expect(isRead(#"{"a":{"b":1},"c":[2,3]}"#))
        #expect(!isRead(#"{"a":{"b":1},"c":[2,3,4]}"#))
        #expect((try? read("[" + String(repeating: "0,", count: JSONValue.valueLimit) + "0]")) == nil)
    }

    @Test("depth is bounded")
    func depth() {
        #expect((try? read(String(repeating: "[", count: 100_000))) == nil)
    }

    @Test("what is written is read as the same, with its keys in order")
    func written() throws {
        let value: JSONValue = ["b": [1, -2, .decimal("1e9"), .null, true], "a": "\"<\u{0}é", "ab": [:], "B": []]
        let encoded = value.encoded
        #expect(String(buffer: encoded) == #"{"B":[],"a":"\"\u003c\u0000é","ab":{},"b":[1,-2,1e9,null,true]}"#)
        #expect(try JSONValue(parsing: encoded) == value)
    }

    @Test("mutated documents are read exactly when they are JSON, and read again as the same")
    func mutations() throws {
        let seeds = [
            #"{"status":"valid","n":-0.5e-3,"t":true,"z":null,"a":[[],{}],"u":"\u003c\ud83d\ude00"} "#,
            #"{"identifiers":[{"type":"dns","value":"a.example"}],"number":18446744073709551615,"i":-42}"#,
        ]
        for bytes in MutatedJSON(20_000, of: seeds, changes: 0...3, seed: 20_261_128) {
            let buffer = ByteBuffer(bytes: bytes)
            let isJSON =
                (try? buffer.readingJSON { (reader) throws(JSONError) in try reader.skipValue() }) != nil
            do {
                let value = try JSONValue(parsing: buffer)
                #expect(isJSON, "read: \(String(decoding: bytes, as: UTF8.self))")
                #expect(try JSONValue(parsing: value.encoded) == value)
            } catch {
                if isJSON {
                    #expect(error.reason.contains("twice"), "refused: \(String(decoding: bytes, as: UTF8.self))")
                }
            }
        }
    }
}
