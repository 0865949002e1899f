import Glibc
import Testing

@testable import Ledger

@Suite("The ledger against a model that knows the truth")
struct LedgerModelTests {
    /// So many histories: LEDGER_HISTORIES, for a run by hand or in CI.
    static let count = number("LEDGER_HISTORIES") ?? 2000
    /// The first seed: LEDGER_SEED.
    static let first = number("LEDGER_SEED") ?? 1
    /// Parts that run beside one another.
    static let parts = 4

    private static func number(_ name: String) -> Int? { getenv(name).flatMap { Int(String(cString: $0)) } }

    @Test("no byte is counted twice, and what is missing is what the model lists as lost", arguments: 0..<parts)
    func histories(part: Int) {
        var met = ModelEvents()
        for seed in stride(from: Self.first + part, to: Self.first + Self.count, by: Self.parts) {
            var model = AccountingModel(seed: UInt64(seed))
            model.run()
            met.add(model.met)
            guard model.failures.isEmpty else {
                Issue.record("\(model.failures.joined(separator: "\n"))\n\(model.events.joined(separator: ", "))")
                return
            }
        }
        // A history in which nothing happens proves nothing.
        if Self.count >= 2000 { #expect(met.missing == []) }
        if getenv("LEDGER_EVENTS") != nil { print(met) }
    }
}
