import Testing

@testable import Ledger

@Suite("Clears that are kept")
struct ClearBookTests {
    private let day: Int64 = 86_400_000

    private func clear(_ id: Int64, key: String? = nil, at: Int64 = 0, users: Int = 0) -> ClearImage {
        let key_ = CounterKey(server: ServerID(1), user: UserID(1))
        return ClearImage(
            id: ClearID(id),
            view: ViewID(1),
            key: key,
            at: at,
            verdict: .delivered,
            amounts: .init(repeating: CountedTraffic(key_, Traffic(1, 1)), count: users)
        )
    }

    @Test("the last hundred are kept")
    func hundred() {
        var book = ClearBook()
        for id in 1...100 { #expect(book.add(clear(Int64(id))) == []) }
        #expect(book.add(clear(101)) == [ClearID(1)])
        #expect(book.add(clear(102)) == [ClearID(2)])
        #expect(book.clears.count == 100)
    }

    @Test("a key is kept for thirty days beyond")
    func keys() {
        var book = ClearBook()
        _ = book.add(clear(1, key: "a"))
        for id in 2...300 { _ = book.add(clear(Int64(id), at: 29 * day)) }
        #expect(book.clears.count == 101)
        #expect(book.clear(of: "a", now: 30 * day - 1)?.id == ClearID(1))
        #expect(book.clear(of: "a", now: 30 * day) == nil)
        #expect(book.add(clear(301, at: 30 * day)) == [ClearID(201), ClearID(1)])
    }

    @Test("a key that is used again after thirty days takes the place of the old one")
    func again() {
        var book = ClearBook()
        _ = book.add(clear(1, key: "a"))
        #expect(book.add(clear(2, key: "a", at: 31 * day)) == [ClearID(1)])
        #expect(book.clear(of: "a", now: 31 * day)?.id == ClearID(2))
    }

    @Test("a new key with each request cannot fill the memory")
    func bounded() {
        var book = ClearBook()
        for id in 1...10_100 { _ = book.add(clear(Int64(id), key: "key-\(id)")) }
        #expect(book.clears.count == ClearBook.countLimit)
        for id in 10_101...10_300 { _ = book.add(clear(Int64(id), key: "key-\(id)", users: 4000)) }
        #expect(book.clears.count < 130)
        #expect(book.clear(of: "key-10300", now: 1) != nil)
        #expect(book.clear(of: "key-1", now: 1) == nil)
    }
}
