import Testing
import Text

@Suite("Bytes and text")
struct TextTests {
    private func bytes<R>(_ text: String, _ body: (UnsafeRawBufferPointer) -> R) -> R {
        Array(text.utf8).withUnsafeBytes(body)
    }

    @Test("ASCII is compared as it is, or without case; only letters have a case")
    func comparison() {
        #expect(bytes("GET") { $0.equals("GET") })
        #expect(bytes("get") { !$0.equals("GET") })
        #expect(bytes("GETS") { !$0.equals("GET") })
        #expect(bytes("Keep-ALIVE") { $0.equalsIgnoringCase("keep-alive") })
        #expect(bytes("keep-alive!") { !$0.equalsIgnoringCase("keep-alive") })
        // 0x0D and 0x2D, as 0x5B and 0x7B, differ in the bit of a letter's case.
        #expect(bytes("keep\ralive") { !$0.equalsIgnoringCase("keep-alive") })
        #expect(bytes("[") { !$0.equalsIgnoringCase("{") })
        #expect(bytes("HTTP/1.1 200") { $0.beginsIgnoringCase("http/1.") })
        #expect(bytes("HTTP") { !$0.beginsIgnoringCase("http/1.") })
    }

    @Test("spaces and tabs are trimmed at both ends, and nothing else")
    func trimming() {
        for (text, expected) in [(" \ta b\t ", "a b"), ("", ""), (" \t", ""), ("\ra\n", "\ra\n"), ("a", "a")] {
            #expect(bytes(text) { String(decoding: $0.trimmed, as: UTF8.self) } == expected)
        }
    }

    @Test("numbers are digits alone, and not too many")
    func numbers() {
        #expect(bytes("0042") { $0.decimal } == 42)
        #expect(bytes("999999999999999999") { $0.decimal } == 999_999_999_999_999_999)
        for text in ["", "1000000000000000000", "-1", "+1", "1 ", "a", "1/", "1:"] {
            #expect(bytes(text) { $0.decimal } == nil)
        }
        #expect(bytes("fF0") { $0.hexadecimal } == 0xFF0)
        for text in ["", "0x1", "g", "1000000000000000"] { #expect(bytes(text) { $0.hexadecimal } == nil) }
    }

    @Test("each byte has a value as a hexadecimal digit, or none")
    func digits() {
        for byte in UInt8.min...UInt8.max {
            let character = Character(Unicode.Scalar(byte))
            let isASCII = byte < 0x80
            #expect(byte.hexDigitValue.map(Int.init) == (isASCII ? character.hexDigitValue : nil))
            #expect(byte.isDigit == (isASCII && character.isNumber))
        }
    }

    @Test("hexadecimal digits are written in pairs, or to a width")
    func hexText() {
        #expect(HexText.of([0, 0x0F, 0xA0, 0xFF] as [UInt8]) == "000fa0ff")
        #expect(HexText.of([] as [UInt8]).isEmpty)
        #expect(HexText.of(0xAB as UInt32, width: 8, uppercase: true) == "000000AB")
        #expect(HexText.of(0x12345 as UInt32, width: 2) == "12345")
    }

    @Test("percent-encoding is undone once; what is malformed is refused or kept")
    func percentEncoding() {
        func decode(_ text: String, plusIsSpace: Bool = false, _ malformed: PercentEncoding.Malformed = .refused)
            -> String?
        {
            PercentEncoding.decode(Array(text.utf8), plusIsSpace: plusIsSpace, malformed: malformed)
                .map { String(decoding: $0, as: UTF8.self) }
        }
        for (text, expected) in [("", ""), ("a", "a"), ("%61b%63", "abc"), ("%2561", "%61"), ("%c3%A9", "é")] {
            #expect(decode(text) == expected)
        }
        for text in ["%", "%a", "%zz", "%4z", "a%"] {
            #expect(decode(text) == nil)
            #expect(decode(text, .kept) == text)
        }
        #expect(decode("%%41", .kept) == "%A")
        #expect(decode("a+b") == "a+b")
        #expect(decode("a+b%2B", plusIsSpace: true) == "a b+")
    }

    @Test("keys are compared by bytes, where text takes two ways of encoding an accent for equal")
    func keys() {
        let (composed, decomposed) = ("\u{e9}", "e\u{301}")
        #expect(composed == decomposed)
        #expect(ByteKey(composed) != ByteKey(decomposed))
        #expect(Set([ByteKey(composed), ByteKey(decomposed), ByteKey(composed)]).count == 2)
        #expect(ByteKey("a") < ByteKey("b"))
        #expect(ByteKey(decomposed) < ByteKey(composed))
    }

    @Test("a sum that does not fit stays at the largest value")
    func sums() {
        #expect((1 as UInt64).saturatingSum(2) == 3)
        #expect(UInt64.max.saturatingSum(1) == .max)
        #expect((1 as UInt64).saturatingSum(.max) == .max)
    }
}
