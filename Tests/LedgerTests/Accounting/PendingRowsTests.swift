import Testing

@testable import Ledger

@Suite("Rows that wait for the file")
struct PendingRowsTests {
    /// Rows of an outage: users who come, readings, emptyings, and now and then a gap between.
    private func rows(_ random: inout SeededGenerator, count: Int) -> [JournalRow] {
        var (entries, users): ([JournalEntry], Int64) = ([], 0)
        while entries.count < count {
            if users == 0 || random.chance(10) {
                users += 1
                entries.append(.users([NewUser(id: UserID(users), name: Array("user-\(users)".utf8))]))
            }
            if random.chance(2) {
                let gap = LedgerGap(server: ServerID(1), began: 0, ended: 1, cause: .clock)
                entries.append(.gap(gap))
            }
            let amounts = (1...users).filter { _ in random.chance(60) }
                .map { AmountOfUser(UserID($0), Traffic(UInt64(random.pick(1...1000)), 1)) }
            let kind: AppliedReading.Kind = entries.count == 1 ? .opening : random.chance(8) ? .anew : .difference
            let reading = AppliedReading(server: ServerID(1), kind: kind, amounts: amounts, mark: "", gap: nil)
            entries.append(.reading(reading))
        }
        return entries.enumerated().map { index, entry in
            let wall = DrivenLedger.morning.wall + Int64(index) * 10_000
            return JournalRow(
                sequence: Int64(index + 1),
                time: LedgerTime(wall: wall, boot: Int64(index) * 10_000, bootID: 7),
                entry: entry
            )
        }
    }

    private func replayed(_ rows: [JournalRow]) throws -> LedgerImage {
        var image = MemoryFile(id: "a").image
        image.journal = rows
        var result = try LedgerAccounts(replaying: image).image()
        result.folded = 0
        for index in result.users.indices { (result.users[index].firstSeen, result.users[index].lastSeen) = (0, 0) }
        return result
    }

    @Test("merged rows make the same of the ledger as all of them", arguments: 1...40)
    func merging(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let rows = rows(&random, count: 400)
        var pending = PendingRows()
        for row in rows { pending.append(row) }
        let fewer = pending.merge(downTo: 64)
        #expect(fewer == rows.count - pending.count)
        #expect(pending.rows.map(\.sequence) == Array(1...Int64(pending.count)))
        #expect(try replayed(pending.rows) == replayed(rows))
    }

    @Test("rows that may be in the file stay as they are")
    func fixed() {
        var random = SeededGenerator(seed: 3)
        let rows = rows(&random, count: 100)
        var pending = PendingRows()
        for row in rows[..<50] { pending.append(row) }
        _ = pending.fix()
        for row in rows[50...] { pending.append(row) }
        _ = pending.merge(downTo: 10)
        #expect(Array(pending.rows[..<50]) == Array(rows[..<50]))
        #expect(pending.count < rows.count)
    }

    @Test("of a long outage few rows are left, all of about the same length")
    func even() {
        var pending = PendingRows()
        for index in 1...2000 {
            let time = LedgerTime(wall: Int64(index) * 10_000, boot: Int64(index) * 10_000, bootID: 7)
            let reading = AppliedReading(
                server: ServerID(1),
                kind: .difference,
                amounts: [AmountOfUser(.others, Traffic(1, 1))],
                mark: "",
                gap: nil
            )
            pending.append(JournalRow(sequence: Int64(pending.count + 1), time: time, entry: .reading(reading)))
            _ = pending.merge(downTo: 64)
        }
        #expect(pending.count == 64)
        let times = pending.rows.map(\.time.boot)
        let lengths = zip(times, times.dropFirst()).map { $1 - $0 }
        // Five and a half hours in 64 rows are five minutes each.
        #expect((lengths.max() ?? 0) < 15 * 60_000)
    }
}
