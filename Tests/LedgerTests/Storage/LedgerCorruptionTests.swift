import Glibc
import Testing

@testable import Ledger

@Suite("a ledger with flipped bytes")
struct LedgerCorruptionTests {
    /// How many bytes are flipped, one a file: 10,000 with `LEDGER_ALL_FAULTS=1`.
    private static let count = ChildTest.variable("LEDGER_ALL_FAULTS") == nil ? 1000 : 10_000

    /// What a file says, all of it.
    private struct Content: Equatable {
        var image: LedgerImage
        var usage: [UserUsage]
        var hours: [UserUsage]
        var gaps: [LedgerGap]
    }

    private func read(_ folder: LedgerFolder) throws -> Content {
        var options = folder.options()
        options.keepsReserve = false
        let opened = try LedgerStore.open(options, zone: LedgerFolder.zone)
        defer { opened.store.abandon() }
        let reader = UsageReader(opened.store.database, zone: LedgerFolder.zone)
        let days = UsageQuery(users: .all, from: 1_780_000_000, to: 1_795_000_000, step: .month(begins: 1))
        let slots = UsageQuery(users: .all, from: 1_790_700_000, to: 1_791_100_000, step: .hour)
        let usage = try reader.report(days, unfolded: UnfoldedTraffic())
        let hours = try reader.report(slots, unfolded: UnfoldedTraffic())
        return Content(image: opened.image, usage: usage.users, hours: hours.users, gaps: usage.gaps)
    }

    @Test("a flipped byte is found or does no harm: never a crash, never another figure", arguments: [1 as UInt64])
    func flips(seed: UInt64) throws {
        let folder = LedgerFolder()
        var model = LedgerModel(seed: seed)
        let store = try folder.open().store
        for _ in 0..<10 {
            try store.append(model.rows(2))
            try store.fold(model.fold(active: 20))
        }
        try store.append(model.rows(3))
        try store.close()
        let good = LedgerFolder.read(folder.path)
        // SQLite's header says how many pages are used; what comes after is room to grow.
        let pages = Int(good[28]) << 24 | Int(good[29]) << 16 | Int(good[30]) << 8 | Int(good[31])
        let truth = try read(folder)
        #expect(truth.image.journal.count == 3)
        var random = StorageRandom(seed: seed)
        var found = 0
        for _ in 0..<Self.count {
            let offset = random.below(pages * 4096)
            let flip = random.chance(50) ? 1 << UInt8(random.below(8)) : UInt8(1 + random.below(255))
            var bad = good
            bad[offset] ^= flip
            unlink(folder.path + "-wal")
            LedgerFolder.write(bad, to: folder.path)
            do {
                let content = try read(folder)
                // The contents are too long to be shown.
                let isSame = content == truth
                #expect(isSame, "seed \(seed), byte \(offset) ^ \(flip)")
            } catch let error as LedgerStorageError {
                found += 1
                let isExpected: Bool =
                    switch error.kind {
                    // The header's format, the application's id and SQLite's own format numbers are of this kind.
                    case .corrupt, .foreign, .newer, .other, .access: true
                    default: false
                    }
                #expect(isExpected, "seed \(seed), byte \(offset) ^ \(flip): \(error.kind) \(error)")
            }
        }
        print("\(found) of \(Self.count) flipped bytes were found, of \(pages) pages; seed \(seed)")
        #expect(found > Self.count / 10)
    }
}
