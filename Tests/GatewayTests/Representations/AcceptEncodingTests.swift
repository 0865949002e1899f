import HysteriaSimulator
import Testing

@testable import Gateway

@Suite("Contents are compressed for who takes that")
struct AcceptEncodingTests {
    private func choice(_ fields: [String]) -> AcceptEncoding.Choice {
        var header = AcceptEncoding()
        for field in fields { Array(field.utf8).withUnsafeBytes { header.add($0) } }
        return header.choice
    }

    @Test(
        "which is said in many ways",
        arguments: [
            "gzip", "GZIP", "x-gzip", "X-Gzip", "gzip, deflate, br, zstd", "deflate, gzip", "gzip;q=0.001",
            "gzip ; q=1",
            "gzip;Q=0.5", "*", "*;q=0.1", "br;q=1.0, gzip;q=0.8, *;q=0.1", "gzip, identity",
            "identity;q=0.5, gzip;q=0.5",
            "identity;q=0.5, gzip", "gzip;q=.5", "deflate;q=0, gzip", "*;q=0.2, gzip;q=0.3", "br, *", ",,gzip,",
            "\tgzip\t", "gzip;level=9", "gzip;q=1.000",
        ]
    )
    func gzip(field: String) {
        #expect(choice([field]) == .gzip)
    }

    @Test(
        "and not for who says nothing, or something else",
        arguments: [
            "", " ", ",", "identity", "deflate", "br", "zstd, br", "gzip;q=0", "gzip;q=0.0", "x-gzip;q=0.000", "*;q=0",
            "gzip;q=0, *", "identity, gzip;q=0.9", "identity;q=0.5, *;q=0.4", "*;q=0.5, gzip;q=0.4", "gzip;q=x",
            "gzip;q=",
            "gzip;q=2", "gzip;q=-1", "gzip2", "gzi", "ggzip", "x-gzip2", "identity;q=0", "gzip;q=0.0001", ";gzip",
            "q=1",
            "gzip/1", "\"gzip\"", "g zip",
        ]
    )
    func identity(field: String) {
        #expect(choice([field]) == .identity)
    }

    @Test(
        "even small ones for who takes nothing else",
        arguments: ["gzip, identity;q=0", "gzip, *;q=0", "*, identity;q=0", "identity;q=0.000, x-gzip;q=0.1"]
    )
    func nothingElse(field: String) {
        #expect(choice([field]) == .gzipOnly)
    }

    @Test("several fields are one list, and what is said last of a coding counts")
    func severalFields() {
        #expect(choice(["deflate", "gzip"]) == .gzip)
        #expect(choice(["gzip", "identity;q=0"]) == .gzipOnly)
        #expect(choice(["gzip", "x-gzip;q=0"]) == .identity)
        #expect(choice([]) == .identity)
    }

    @Test("a list is the same as its parts, whatever bytes they are, and gzip never comes to who refuses it")
    func anything() {
        var random = SeededGenerator(seed: 1)
        let words = [
            "gzip", "x-gzip", "identity", "*", "br", ";q=", ";q=0", "q", ";", ",", " ", "\t", "0.5", "1", ".", "=",
            "\u{FF}",
            "\"",
        ]
        for _ in 0..<4_000 {
            let parts = (0..<Int.random(in: 0...5, using: &random)).map { _ in
                (0..<Int.random(in: 0...4, using: &random)).map { _ in words.randomElement(using: &random) ?? "" }
                    .joined()
            }
            let field = parts.joined(separator: ",")
            let whole = choice([field])
            #expect(whole == choice(field.split(separator: ",", omittingEmptySubsequences: false).map(String.init)))
            if !field.contains("gzip"), !field.contains("*") { #expect(whole == .identity, "\(field)") }
            #expect(choice([field, "gzip;q=0"]) == .identity, "\(field)")
            #expect(choice([field, "gzip, identity;q=0"]) == .gzipOnly, "\(field)")
        }
    }
}
