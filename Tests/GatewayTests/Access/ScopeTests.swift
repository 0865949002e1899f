import Testing

@testable import Access
@testable import Gateway

@Suite("Scopes")
struct ScopeTests {
    @Test("have the names of the configuration, each its own bit")
    func names() {
        #expect(
            Scope.allNames == ["traffic", "online", "streams", "metrics", "usage", "clear", "kick", "subscription"]
        )
        let all = Scope.allNames.compactMap(Scope.init(name:))
        #expect(Set(all.map(\.rawValue)).count == 8)
        #expect(ScopeSet(all).names == Scope.allNames)
        #expect(Scope(name: "Traffic") == nil && Scope(name: "") == nil && Scope(name: "all") == nil)
        #expect("\(ScopeSet([.kick, .online]))" == "online, kick")
    }
}
