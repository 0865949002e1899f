import Foundation
import Testing
import Text

@testable import Access
@testable import Gateway

@Suite("A new token")
struct NewTokenTests {
    @Test("is hg_ and 256 random bits in base64url")
    func shape() {
        let tokens = (0..<100).map { _ in NewToken() }
        #expect(Set(tokens.map(\.text)).count == 100)
        for token in tokens {
            #expect(token.text.hasPrefix("hg_"))
            #expect(token.text.utf8.count == 46)
            #expect(token.digest == TokenHasher().digest(of: token.text))
        }
    }

    @Test("is spelled as Foundation would spell its bytes")
    func encoding() {
        for count in 0...70 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255) }
            let expected = base64(bytes).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
            #expect(Base64.encodeForURL(bytes) == expected)
        }
    }

    @Test("opens the gateway to who presents it")
    func opens() {
        let token = NewToken()
        let table = TokenTable([TokenEntry(digest: token.digest, grant: TokenGrant(name: "new", scopes: [.traffic]))])
        let outcome = Array("Bearer \(token.text)".utf8).withUnsafeBytes {
            Authenticator().authenticate($0, from: nil, among: table, now: 0)
        }
        guard case .caller(let caller) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(caller.name == "new")
    }

    @Test("does not show itself")
    func redacted() {
        let token = NewToken()
        var dumped = ""
        dump(token, to: &dumped)
        #expect(!"\(token) \(String(reflecting: token)) \(dumped)".contains(token.text))
    }
}
