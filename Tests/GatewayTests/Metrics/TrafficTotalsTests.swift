import HysteriaStats
import Testing

@testable import Gateway

@Suite("Totals go on where Hysteria's counters begin anew")
struct TrafficTotalsTests {
    private typealias Entry = TrafficAnswer.Entry

    private func wang(_ tx: UInt64, _ rx: UInt64) -> Entry { Entry(user: "wang", tx: tx, rx: rx) }

    private func joe(_ tx: UInt64, _ rx: UInt64) -> Entry { Entry(user: "joe", tx: tx, rx: rx) }

    private func figures(_ totals: TrafficTotals, _ user: String) -> [UInt64]? {
        totals.user(named: user).map { [$0.total.up, $0.total.down] }
    }

    @Test("as they are while Hysteria runs")
    func growth() {
        var totals = TrafficTotals(userLimit: 10)
        totals.observe([wang(1, 2)], now: 0)
        totals.observe([joe(5, 6), wang(3, 2)], now: 1)
        #expect(figures(totals, "wang") == [3, 2])
        #expect(figures(totals, "joe") == [5, 6])
        #expect(totals.total.up == 8 && totals.total.down == 8)
        #expect(totals.users.map(\.name) == ["wang", "joe"])
    }

    @Test("after a restart, with what was seen before it")
    func restart() {
        var totals = TrafficTotals(userLimit: 10)
        totals.observe([wang(100, 200)], now: 0)
        totals.observe([wang(1, 2)], now: 1)
        #expect(figures(totals, "wang") == [101, 202])
        totals.observe([wang(2, 300)], now: 2)
        #expect(figures(totals, "wang") == [102, 500])
        // Only one of the two ways is lower: the other one began anew as well.
        totals.observe([wang(1, 400)], now: 3)
        #expect(figures(totals, "wang") == [103, 900])
    }

    @Test("one user who has moved more after a restart than before it counts in full, where another process listens")
    func restartOfOneUser() {
        let first = HysteriaProcess(mark: "boot 1", isOwnMachine: true)
        let second = HysteriaProcess(mark: "boot 2", isOwnMachine: true)
        var totals = TrafficTotals(userLimit: 10)
        totals.observe([wang(0, 1_000_000)], of: first, now: 0)
        totals.observe([wang(0, 1_000_001)], of: first, now: 1)
        #expect(figures(totals, "wang") == [0, 1_000_001])
        totals.observe([wang(0, 3_000_000)], of: second, now: 2)
        #expect(figures(totals, "wang") == [0, 4_000_001])
        // The same again after the restart: nobody has moved anything, whatever the mark says.
        totals.observe([wang(0, 3_000_000)], of: first, now: 3)
        #expect(figures(totals, "wang") == [0, 4_000_001])
    }

    @Test("nothing counts twice where the mark may be that of a tunnel, or is not known", arguments: [true, false])
    func markOfATunnel(hasMark: Bool) {
        var totals = TrafficTotals(userLimit: 10)
        totals.observe([wang(0, 1_000_000)], of: HysteriaProcess(mark: "boot 1", isOwnMachine: !hasMark), now: 0)
        let next = hasMark ? HysteriaProcess(mark: "boot 2") : HysteriaProcess(mark: "", isOwnMachine: true)
        totals.observe([wang(0, 3_000_000)], of: next, now: 1)
        #expect(figures(totals, "wang") == [0, 3_000_000])
    }

    @Test("for everybody, when one user shows that the counters were emptied")
    func restartShownByOne() {
        var totals = TrafficTotals(userLimit: 10)
        totals.observe([joe(100, 100), wang(10, 10)], now: 0)
        // Wang has already more than before; joe is gone.
        totals.observe([wang(11, 11)], now: 1)
        #expect(figures(totals, "wang") == [21, 21])
        #expect(figures(totals, "joe") == [100, 100])
    }

    @Test("for a user who is gone and comes back")
    func goneAndBack() {
        var totals = TrafficTotals(userLimit: 10)
        totals.observe([wang(10, 10)], now: 0)
        for second in 1...3 { totals.observe([], now: Int64(second)) }
        #expect(figures(totals, "wang") == [10, 10])
        totals.observe([wang(10, 10)], now: 4)
        #expect(figures(totals, "wang") == [20, 20])
    }

    @Test("but not by an answer that may be older than the last one and looks it")
    func olderAnswer() {
        var totals = TrafficTotals(userLimit: 10)
        totals.observe([wang(10, 10)], now: 0)
        totals.observe([wang(9, 10)], mayBeOlder: true, now: 1)
        totals.observe([], mayBeOlder: true, now: 1)
        #expect(figures(totals, "wang") == [10, 10])
        totals.observe([wang(12, 10)], mayBeOlder: true, now: 1)
        #expect(figures(totals, "wang") == [12, 10])
    }

    @Test("with a clear counted to the last byte")
    func clear() {
        var totals = TrafficTotals(userLimit: 10)
        totals.observe([wang(10, 10)], now: 0)
        totals.clear([joe(1, 1), wang(15, 20)], isWhole: true, now: 1)
        #expect(figures(totals, "wang") == [15, 20])
        totals.observe([wang(30, 30)], now: 2)
        #expect(figures(totals, "wang") == [45, 50])
        #expect(figures(totals, "joe") == [1, 1])
        // Somebody else had cleared before.
        totals.clear([wang(2, 2)], isWhole: true, now: 3)
        #expect(figures(totals, "wang") == [47, 52])
    }

    @Test("and what was seen still counts when a part of a clear is lost")
    func lostClear() {
        var totals = TrafficTotals(userLimit: 10)
        totals.observe([wang(10, 10)], now: 0)
        totals.clear([wang(2, 30)], isWhole: false, now: 1)
        #expect(figures(totals, "wang") == [10, 30])
        totals.observe([wang(1, 1)], now: 2)
        #expect(figures(totals, "wang") == [11, 31])
    }

    @Test("users whose names became the same are one")
    func sameName() {
        var totals = TrafficTotals(userLimit: 10)
        let torn = Entry(user: "\u{FFFD}", tx: 1, rx: 2)
        totals.observe([torn, wang(1, 1), torn], now: 0)
        totals.observe([torn, wang(1, 1), torn], now: 1)
        #expect(figures(totals, "\u{FFFD}") == [2, 4])
    }

    @Test("users whose names look the same are two")
    func similarNames() {
        var totals = TrafficTotals(userLimit: 10)
        totals.observe([Entry(user: "e\u{301}", tx: 1, rx: 1), Entry(user: "\u{E9}", tx: 2, rx: 2)], now: 0)
        #expect(totals.users.map(\.total.up) == [1, 2])
    }

    @Test("a sum that 64 bits cannot hold stays at their largest value")
    func overflow() {
        var totals = TrafficTotals(userLimit: 10)
        totals.observe([wang(.max, 1)], now: 0)
        totals.observe([wang(5, 1)], now: 1)
        totals.observe([joe(5, 1), wang(6, 1)], now: 2)
        #expect(figures(totals, "wang") == [.max, 2])
        #expect(totals.total.up == .max)
    }

    // MARK: Room

    @Test("the first to be seen are named, up to the limit")
    func places() {
        var totals = TrafficTotals(userLimit: 2)
        totals.observe((0..<5).map { Entry(user: "\($0)", tx: 1, rx: 1) }, now: 0)
        #expect(totals.users.filter(\.hasPlace).map(\.name) == ["0", "1"])
        totals.setUserLimit(4, now: 0)
        #expect(totals.users.filter(\.hasPlace).count == 4)
        totals.setUserLimit(1, now: 0)
        #expect(totals.users.filter(\.hasPlace).map(\.name) == ["0"])
        #expect(totals.total.up == 5)
    }

    @Test("who is gone for long loses the place that another one wants, and stays in the sum")
    func longGone() {
        var totals = TrafficTotals(userLimit: 1)
        totals.observe([wang(7, 8)], now: 0)
        totals.observe([joe(1, 1)], now: TrafficTotals.retention)
        #expect(totals.users.filter(\.hasPlace).map(\.name) == ["wang"])
        totals.observe([joe(1, 1)], now: TrafficTotals.retention + 1)
        #expect(totals.users.filter(\.hasPlace).map(\.name) == ["joe"])
        #expect(totals.user(named: "wang") == nil)
        #expect(totals.total.up == 8 && totals.total.down == 9)
    }

    @Test("who is gone for long is kept while there is room")
    func roomForTheGone() {
        var totals = TrafficTotals(userLimit: 2)
        totals.observe([wang(7, 8)], now: 0)
        totals.observe([joe(1, 1)], now: 10 * TrafficTotals.retention)
        #expect(figures(totals, "wang") == [7, 8])
    }

    @Test("however many users come and go, those who are kept have a bound, and the sum loses nobody")
    func bound() {
        var totals = TrafficTotals(userLimit: 10)
        let batch = TrafficTotals.absentLimit / 4
        for round in 0..<6 {
            totals.observe((0..<batch).map { Entry(user: "\(round) \($0)", tx: 1, rx: 1) }, now: Int64(round))
        }
        #expect(totals.users.count == TrafficTotals.absentLimit + batch)
        #expect(totals.total.up == UInt64(6 * batch))
        #expect(totals.user(named: "5 0") != nil && totals.user(named: "0 0") == nil)
    }
}
