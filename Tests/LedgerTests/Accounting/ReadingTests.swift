import Testing

@testable import Ledger

@Suite("What readings come to")
struct ReadingTests {
    @Test("1 MB, a restart of Hysteria, 3 MB: 4 MB, also if the gateway was down meanwhile", arguments: [false, true])
    func restart(gatewayWasDown: Bool) throws {
        var ledger = try DrivenLedger()
        ledger.read(["wang": (0, 1_000_000)])
        if gatewayWasDown { ledger = try ledger.restarted() }
        ledger.source.connection = 9
        ledger.source.mark = "boot-2"
        if gatewayWasDown { ledger.read(["wang": (0, 3_000_000)]) } else { ledger.readNext(["wang": (0, 3_000_000)]) }
        #expect(ledger.total("wang") == Traffic(0, 4_000_000))
    }

    @Test("a panel that clears every ten seconds leaves one gap for a quarter of an hour, and each clear is counted")
    func foreignClears() throws {
        var ledger = try DrivenLedger()
        ledger.read(["wang": (1, 100)])
        let began = ledger.now.wall
        for _ in 1...5 { ledger.readNext(["wang": (1, 50)]); ledger.readNext(["wang": (1, 100)]) }
        #expect(ledger.machine.snapshot.statistics.gaps[.cleared] == 5)
        let gaps = ledger.machine.snapshot.unfolded(after: 0, now: ledger.now).gaps
        #expect(gaps.map(\.cause) == [.cleared])
        #expect(gaps.first?.began == began)
        #expect(gaps.last?.ended == ledger.now.wall - 10_000)
        ledger.pass(900_000)
        ledger.readNext(["wang": (1, 1)])
        #expect(ledger.machine.snapshot.unfolded(after: 0, now: ledger.now).gaps.last?.began == began + 100_000)
    }

    @Test("bytes are counted once while Hysteria goes on, through restarts of the gateway")
    func differences() throws {
        var ledger = try DrivenLedger()
        ledger.read(["wang": (10, 20), "li": (1, 1)])
        ledger.readNext(["wang": (15, 20), "li": (1, 1), "zhao": (7, 8)])
        ledger = try ledger.restarted()
        ledger.read(["wang": (20, 25), "li": (1, 1), "zhao": (7, 8)])
        #expect(ledger.total("wang") == Traffic(20, 25))
        #expect(ledger.total("zhao") == Traffic(7, 8))
    }

    @Test("if one user is lower or gone, all began anew")
    func anew() throws {
        var ledger = try DrivenLedger()
        ledger.read(["wang": (10, 20), "li": (100, 100)])
        ledger.readNext(["wang": (11, 20), "li": (90, 100)])
        #expect(ledger.notices().contains { if case .emptied(let gap) = $0 { gap.cause == .cleared } else { false } })
        #expect(ledger.total("wang") == Traffic(21, 40))
        ledger.readNext(["wang": (12, 21)])
        #expect(ledger.total("wang") == Traffic(33, 61))
        #expect(ledger.total("li") == Traffic(190, 200))
        ledger.readNext([:])
        ledger.readNext([:])
        #expect(ledger.total("wang") == Traffic(33, 61))
    }

    @Test("entries of one name are added up before anything is decided")
    func duplicates() throws {
        var ledger = try DrivenLedger()
        ledger.read(["a\u{fffd}": (10, 10), "a\u{fffd}": (5, 5)])
        // In another order, the first one alone would be lower.
        ledger.readNext(["a\u{fffd}": (5, 5), "a\u{fffd}": (10, 11)])
        #expect(ledger.total("a\u{fffd}") == Traffic(15, 16))
    }

    @Test("names are bytes: two ways of writing an accent are two users")
    func bytes() throws {
        var ledger = try DrivenLedger()
        ledger.read(["\u{e9}": (1, 0), "e\u{301}": (2, 0), "": (3, 0), "a\0b": (4, 0)])
        #expect(ledger.total("\u{e9}") == Traffic(1, 0))
        #expect(ledger.total("e\u{301}") == Traffic(2, 0))
        #expect(ledger.total("") == Traffic(3, 0))
        #expect(ledger.total("a\0b") == Traffic(4, 0))
        var raw = LedgerReading()
        raw.append([0xff, 0xfe], up: 5, down: 0)
        #expect(raw.count == 1)
    }

    @Test("a counter of 2^63 refuses the whole reading, of a user who is known and of one who is not")
    func tooLarge() throws {
        var ledger = try DrivenLedger()
        ledger.read(["wang": (1 << 63, 0), "li": (1, 1)])
        #expect(ledger.notices() == [.refused(.tooLarge)])
        #expect(ledger.machine.snapshot.users() == [])
        ledger.readNext(["wang": (1, 0)])
        ledger.readNext(["wang": (0, 1 << 63)])
        #expect(ledger.notices() == [.refused(.tooLarge)])
        ledger.readNext(["wang": (1 << 62, 0), "wang": (1 << 62, 0)])
        #expect(ledger.notices() == [.refused(.tooLarge)])
        ledger.readNext(["wang": (2, 0)])
        #expect(ledger.total("wang") == Traffic(2, 0))
    }

    @Test("the first reading ever is in totals and in no slot")
    func opening() throws {
        var ledger = try DrivenLedger()
        ledger.read(["wang": (10, 20)])
        let unfolded = ledger.machine.snapshot.unfolded(after: 0, now: ledger.now)
        #expect(unfolded.slots == [])
        #expect(unfolded.undated.map(\.traffic) == [Traffic(10, 20)])
        #expect(unfolded.users.map(\.name) == [Array("wang".utf8)])
    }

    @Test("after a long time without a reading the difference is noted as unread")
    func unread() throws {
        var ledger = try DrivenLedger()
        ledger.read(["wang": (1, 0)])
        ledger.readNext(after: 30_000, ["wang": (2, 0)])
        #expect(ledger.machine.snapshot.statistics.gaps == [:])
        ledger.readNext(after: 40_000, ["wang": (3, 0)])
        #expect(ledger.machine.snapshot.statistics.gaps == [.unread: 1])
        #expect(ledger.machine.snapshot.statistics.unreadMilliseconds == 40_000)
        let gaps = ledger.machine.snapshot.unfolded(after: 0, now: ledger.now).gaps
        #expect(
            gaps == [
                LedgerGap(
                    server: DrivenLedger.server,
                    began: ledger.now.wall - 40_000,
                    ended: ledger.now.wall,
                    cause: .unread
                )
            ]
        )
    }

    @Test("a mark that cannot be read once is not forgotten")
    func markOnce() throws {
        var ledger = try DrivenLedger()
        ledger.read(["wang": (5, 0)])
        ledger.source.mark = ""
        ledger.readNext(["wang": (6, 0)])
        ledger.source.connection = 2
        ledger.source.mark = "boot-2"
        ledger.readNext(["wang": (7, 0)])
        #expect(ledger.total("wang") == Traffic(13, 0))
    }

    @Test("at another address neither connection nor mark prove anything")
    func otherAddress() throws {
        var ledger = try DrivenLedger()
        ledger.source.isOwnMachine = false
        ledger.read(["wang": (5, 0)])
        ledger.machine.upstreamChanged()
        ledger.readNext(["wang": (4, 0)])
        #expect(ledger.notices().contains { if case .emptied(let gap) = $0 { gap.cause == .restart } else { false } })
    }
}
