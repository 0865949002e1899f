import Testing

@testable import Access
@testable import Gateway

@Suite("The users of a token")
struct UserSetTests {
    @Test("are told apart byte by byte, even where Swift takes them for equal")
    func bytes() {
        let composed = "caf\u{e9}"
        let decomposed = "cafe\u{301}"
        #expect(composed == decomposed)

        let users = UserSet([composed])
        #expect(users.contains(composed))
        #expect(!users.contains(decomposed))
        #expect(UserSet([composed, decomposed]).names.count == 2)
        #expect(UserSet([composed, decomposed]).contains(decomposed))
    }

    @Test("keep their order, each once")
    func order() {
        #expect(UserSet(["b", "a", "b", ""]).names == ["b", "a", ""])
        #expect(UserSet([]).contains("") == false)
    }
}
