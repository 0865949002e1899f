import Testing

@testable import Ledger

@Suite("Users without a place of their own")
struct StrangersTests {
    private let one = LedgerSettings(userLimit: 1)

    @Test("beyond the limit users are counted together")
    func limit() throws {
        var ledger = try DrivenLedger(settings: one)
        ledger.read(["a": (1, 1), "b": (2, 2), "c": (3, 3)])
        #expect(ledger.notices().contains(.userLimitReached(1)))
        #expect(ledger.total("a") == Traffic(1, 1))
        #expect(ledger.others == Traffic(5, 5))
        ledger.readNext(["a": (1, 1), "b": (2, 3), "c": (4, 3), "d": (9, 9)])
        #expect(!ledger.notices().contains(.userLimitReached(1)))
        #expect(ledger.others == Traffic(15, 15))
    }

    @Test("one of them who is lower tells of an emptying, though their sum has grown")
    func oneByOne() throws {
        var ledger = try DrivenLedger(settings: one)
        ledger.read(["a": (1, 1), "b": (2, 2), "c": (3, 3)])
        ledger.readNext(["a": (1, 1), "b": (1, 2), "c": (9, 9)])
        #expect(ledger.others == Traffic(15, 16))
        #expect(ledger.total("a") == Traffic(2, 2))
    }

    @Test("after a start only their sum is known, and a lower one tells of an emptying")
    func together() throws {
        var ledger = try DrivenLedger(settings: one)
        ledger.source.isOwnMachine = false
        ledger.read(["a": (1, 1), "b": (2, 2), "c": (3, 3)])
        ledger = try ledger.restarted(settings: one)
        // Nothing shows that b is lower: too little is counted, and nothing twice.
        ledger.read(["a": (2, 1), "b": (1, 2), "c": (9, 9)])
        #expect(ledger.others == Traffic(10, 11))
        ledger = try ledger.restarted(settings: one)
        ledger.read(["a": (2, 1), "b": (3, 3)])
        #expect(ledger.others == Traffic(13, 14))
    }

    @Test("who is in the sum gets a place when all begin anew, and not before")
    func placeAtNewEpoch() throws {
        var ledger = try DrivenLedger(settings: one)
        ledger.read(["a": (1, 1), "b": (2, 2)])
        ledger.perform { $0.settingsChanged(LedgerSettings(userLimit: 5), now: $1) }
        ledger.readNext(["a": (1, 1), "b": (5, 5), "c": (4, 4)])
        // c is new and has room, b would be counted twice.
        #expect(ledger.total("c") == Traffic(4, 4))
        #expect(ledger.total("b") == Traffic())
        #expect(ledger.others == Traffic(5, 5))
        ledger.readNext(["a": (0, 0), "b": (7, 7)])
        #expect(ledger.total("b") == Traffic(7, 7))
        #expect(ledger.others == Traffic(5, 5))
    }

    @Test("after a start nobody gets a place as long as some are in the sum")
    func noPlaceUnknown() throws {
        var ledger = try DrivenLedger(settings: one)
        ledger.read(["a": (1, 1), "b": (2, 2)])
        ledger = try ledger.restarted()
        ledger.read(["a": (1, 1), "b": (3, 3)])
        #expect(ledger.total("b") == Traffic())
        #expect(ledger.others == Traffic(3, 3))
        // From this reading on it is known who is in the sum.
        ledger.readNext(["a": (1, 1), "b": (3, 3), "c": (1, 0)])
        #expect(ledger.total("c") == Traffic(1, 0))
    }

    @Test("a name above 1,024 bytes, and one that says (others), have no place")
    func names() throws {
        var ledger = try DrivenLedger()
        let (long, longest) = (String(repeating: "x", count: 1025), String(repeating: "x", count: 1024))
        ledger.read([long: (1, 0), longest: (2, 0), "(others)": (4, 0)])
        #expect(ledger.others == Traffic(5, 0))
        #expect(ledger.total(longest) == Traffic(2, 0))
        #expect(ledger.machine.snapshot.users().map(\.id.value) == [0, 1])
    }

    @Test("a user who is listed without a byte takes no place")
    func zero() throws {
        var ledger = try DrivenLedger(settings: one)
        ledger.read(["a": (0, 0), "b": (1, 0)])
        #expect(ledger.total("b") == Traffic(1, 0))
        ledger.readNext(["a": (3, 0), "b": (1, 0)])
        #expect(ledger.others == Traffic(3, 0))
    }
}
