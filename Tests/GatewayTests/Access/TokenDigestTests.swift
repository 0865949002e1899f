import Testing

@testable import Access
@testable import Gateway

@Suite("The digest of a token")
struct TokenDigestTests {
    private let abc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    @Test("is SHA-256, again and again from one hasher")
    func knownAnswers() {
        let hasher = TokenHasher()
        let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        let long = "sha256:248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        for _ in 0..<3 {
            #expect(hasher.digest(of: "abc").text == abc)
            #expect(hasher.digest(of: "").text == empty)
            #expect(hasher.digest(of: "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").text == long)
        }
    }

    @Test("is read from its text in either case")
    func reading() {
        let digest = TokenHasher().digest(of: "abc")
        #expect(TokenDigest(text: abc) == digest)
        #expect(TokenDigest(text: "sha256:" + abc.dropFirst(7).uppercased()) == digest)
        #expect(TokenDigest(text: abc)?.hashValue == digest.hashValue)
        #expect(TokenHasher().digest(of: "abd") != digest)
    }

    @Test("is not read from anything else")
    func refusals() {
        let digits = String(abc.dropFirst(7))
        let others: [String] = [
            "", "sha256:", digits, "\(abc)0", "\(abc) ", " \(abc)", "\(abc.dropLast())", "\(abc.dropLast())g",
            "\(abc.dropLast(2))é", "sha512:\(digits)", "SHA256:\(digits)", "sha256: \(digits.dropFirst())",
        ]
        for text in others {
            #expect(TokenDigest(text: text) == nil, "\(text)")
        }
    }
}
