import Testing

@testable import ACME

@Suite("The store of a process that ends")
struct CancelledStoreTests {
    @Test("a cancelled task keeps what it has, and unlocks")
    func cancelled() async throws {
        let files = MemoryFileSystem()
        let authority = ModelAuthority.settings
        let place = StorePlace(authority, [.name("my.site.com")])
        let history = AttemptHistory(identifiers: place.identifiers)
        let first = CertificateStore(folder: "/acme", files: files)
        try await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            #expect(Task.isCancelled)
            #expect(try await first.lock(authority))
            try await first.keep(history, in: place)
            await first.unlock(authority)
        }.value
        let second = CertificateStore(folder: "/acme", files: files)
        #expect(try await second.lock(authority))
        #expect(await second.attempts(in: place) == history)
    }
}
