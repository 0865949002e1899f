import Testing

@testable import Access
@testable import Gateway

@Suite("The table of tokens")
struct TokenTableTests {
    @Test("finds each of many and nobody else")
    func findsEach() {
        let hasher = TokenHasher()
        let table = TokenTable((0..<500).map { .sample("name-\($0)", "token-number-\($0)") })
        #expect(table.count == 500)
        for number in 0..<500 {
            #expect(table.caller(for: hasher.digest(of: "token-number-\(number)"))?.name == "name-\(number)")
        }
        #expect(table.caller(for: hasher.digest(of: "token-number-500")) == nil)
    }

    @Test("tells digests apart that differ in one bit, wherever it is")
    func everyBitCounts() {
        let digest = TokenHasher().digest(of: "some token")
        let table = TokenTable([TokenEntry(digest: digest, grant: TokenGrant(name: "it", scopes: [.traffic]))])
        #expect(table.caller(for: digest)?.name == "it")
        for bit in 0..<256 {
            var other = digest
            other.withUnsafeMutableBytes { $0[bit / 8] ^= 1 << UInt8(bit % 8) }
            #expect(table.caller(for: other) == nil, "bit \(bit)")
        }
    }
}
