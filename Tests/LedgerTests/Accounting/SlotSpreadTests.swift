import Testing

@testable import Ledger

@Suite("Which quarters of an hour bytes belong to")
struct SlotSpreadTests {
    private let slot: Int64 = 900_000

    private func stretch(_ range: Range<Int64>, _ amounts: [UInt64]) -> [SlotTraffic] {
        var history = OpenHistory(after: 0)
        history.add(
            Stretch(
                server: ServerID(1),
                began: .known(wall: range.lowerBound),
                ended: .known(wall: range.upperBound),
                amounts: amounts.enumerated().map { AmountOfUser(UserID(Int64($0.offset + 1)), Traffic($0.element, 1)) }
            )
        )
        return history.quarters(now: .known(wall: range.upperBound))
    }

    @Test("a reading that was taken just behind the edge belongs to the slot that has ended")
    func edge() {
        #expect(stretch(10 * slot - 9980..<10 * slot + 20, [500]).map(\.slot) == [9])
        #expect(stretch(10 * slot + 20..<10 * slot + 10_020, [500]).map(\.slot) == [10])
    }

    @Test("a long stretch is spread by the time that it has in each slot")
    func proportional() {
        let quarters = stretch(10 * slot + slot / 2..<13 * slot, [2500])
        #expect(quarters.map(\.slot) == [10, 11, 12])
        #expect(quarters.map(\.counted.traffic.up) == [500, 1000, 1000])
    }

    @Test("the shares add up to the amount, whatever it is", arguments: [1, 7, 1_000_003, UInt64(Int64.max)])
    func exact(amount: UInt64) {
        let quarters = stretch(10 * slot + 17..<5000 * slot + 3, [amount])
        #expect(quarters.reduce(0) { $0 + $1.counted.traffic.up } == amount)
        #expect(quarters.reduce(0) { $0 + $1.counted.traffic.down } == 1)
    }

    @Test("many users for a long time come to a bounded number of rows")
    func bounded() {
        let users = [UInt64](repeating: 1_000_000, count: 5000)
        let quarters = stretch(10 * slot..<2000 * slot, users)
        #expect(quarters.count <= SlotSpread.rowLimit)
        #expect(quarters.count > SlotSpread.rowLimit / 2)
        #expect(quarters.reduce(0) { $0 + $1.counted.traffic.up } == 5_000_000_000)
    }

    @Test("a clock that was decades behind fills no decades")
    func decades() {
        let quarters = stretch(0..<2_000_000 * slot, [1_000_000])
        #expect(quarters.count == 62 * 96)
        #expect(quarters.last?.slot == 1_999_999)
    }

    @Test("a stretch that ends before it begins is where it ends")
    func backwards() throws {
        let one = Stretch(
            server: ServerID(1),
            began: LedgerTime(wall: 50 * slot, boot: 0, bootID: 1),
            ended: LedgerTime(wall: 10 * slot + 5, boot: 0, bootID: 2),
            amounts: []
        )
        let now = LedgerTime(wall: 20 * slot, boot: 1, bootID: 3)
        #expect(SlotSpread.shares(of: one.dated(now: now), users: 1).map(\.slot) == [10])
    }

    @Test("slots before 1970 are whole quarters too")
    func negative() { #expect(SlotSpread.floored(-1, 900) == -1) }
}
