import Foundation
import Testing
import Text

@testable import Gateway

/// Base64 by Foundation, which shares no code with ours.
func base64(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString()
}

@Suite("Base64")
struct Base64Tests {
    private func decode(_ text: String, room: Int = 1024) -> [UInt8]? {
        var output = [UInt8](repeating: 0xee, count: room)
        let length = Array(text.utf8).withUnsafeBytes { input in
            output.withUnsafeMutableBytes { Base64.decode(input, into: $0) }
        }
        return length.map { Array(output[..<$0]) }
    }

    /// Bytes of every value at every place of a group of three, in texts of every length.
    private static let samples = (1...300).map { length in
        (0..<length).map { UInt8(truncatingIfNeeded: ($0 + length) * 89 + $0 * $0 / 7) }
    }

    @Test("gives back what Foundation encoded, for every length and many bytes")
    func decoding() {
        for bytes in Self.samples { #expect(decode(base64(bytes)) == bytes) }
    }

    @Test("is written as Foundation writes it")
    func encoding() {
        for bytes in Self.samples { #expect(Base64.encode(bytes) == base64(bytes)) }
        #expect(Base64.encode([]) == "")
    }

    @Test(
        "refuses what has a second spelling or none",
        arguments: [
            "", "A", "AA", "AAA", "AA=", "A===", "====", "AAAA=", "AAAA====", "=AAA", "A=AA", "AA=A", "AB==", "AAB=",
            "AA==AAAA", " AA=", "AA==\n", "AAA-", "AAA_", "AAA\u{0}", "AÄ==",
        ]
    )
    func refusals(text: String) {
        #expect(decode(text) == nil)
    }

    @Test("never writes behind the room it was given")
    func room() {
        #expect(decode("AAAA", room: 3) == [0, 0, 0])
        #expect(decode("AAAA", room: 2) == nil)
        #expect(decode("AA==", room: 1) == [0])
        #expect(decode("AA==", room: 0) == nil)
    }
}
