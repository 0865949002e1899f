import Testing

@testable import Ledger

@Suite("a file that nobody has open")
struct LedgerFileTests {
    let folder = LedgerFolder()
    let server = ServerID(1)

    private func key(_ user: Int64) -> CounterKey { CounterKey(server: server, user: UserID(user)) }

    /// Three users; the second is listed by Hysteria still, the third is not.
    private func prepare() throws {
        let store = try folder.open().store
        var fold = LedgerFold(through: 1)
        fold.servers = [ServerImage(id: server, name: "vps1")]
        for (id, name, raw) in [(1, "wang", 0), (2, "=lee\"", 50), (3, "zoe", 0)] as [(Int64, String, UInt64)] {
            fold.users.append(
                UserImage(
                    id: UserID(id),
                    name: Array(name.utf8),
                    firstSeen: 1_790_000_000_000,
                    lastSeen: 1_790_000_900_000
                )
            )
            let amount = Traffic(up: UInt64(id), down: UInt64(id) * 100)
            fold.counters.append(CounterImage(key: key(id), total: amount + amount + amount, raw: Traffic(up: raw)))
            fold.quarters.append(SlotTraffic(slot: 1_990_000, counted: CountedTraffic(key(id), amount)))
            fold.quarters.append(SlotTraffic(slot: 1_990_100, counted: CountedTraffic(key(id), amount)))
            fold.undated.append(CountedTraffic(key(id), amount))
        }
        let view = ViewImage(
            id: ViewID(1),
            name: "panel",
            began: 0,
            lastUsed: 0,
            taken: [CountedTraffic(key(1), Traffic(up: 1, down: 1)), CountedTraffic(key(2), Traffic(up: 5, down: 5))]
        )
        fold.views = [ViewChange(view: view, replacesOffer: false)]
        try store.fold(fold)
        try store.close()
    }

    private func export(_ table: LedgerExport.Table, _ form: LedgerExport.Form) throws -> String {
        var text = ""
        #expect(try LedgerExport(table, form).run(folder.options(), zone: LedgerFolder.zone) { text += $0 } == 0)
        return text
    }

    @Test("it is written as CSV, without formulas")
    func csv() throws {
        try prepare()
        #expect(
            try export(.users, .csv) == """
                server,user,firstSeen,lastSeen,tx,rx\r
                vps1,wang,2026-09-21T14:13:20Z,2026-09-21T14:28:20Z,3,300\r
                vps1,"\t=lee""\",2026-09-21T14:13:20Z,2026-09-21T14:28:20Z,6,600\r
                vps1,zoe,2026-09-21T14:13:20Z,2026-09-21T14:28:20Z,9,900\r

                """
        )
        let days = try export(.days, .csv).split(separator: "\r\n")
        #expect(days.count == 10)
        #expect(days[1] == "vps1,wang,,1,100")
        #expect(days[4] == "vps1,wang,2026-10-03,1,100")
        #expect(
            try export(.quarters, .csv).contains(
                "vps1,zoe,2026-10-03T04:00:00+00:00,2026-10-03T04:15:00+00:00,3,300\r\n"
            )
        )
    }

    @Test("it is written as lines of JSON")
    func json() throws {
        try prepare()
        let lines = try export(.days, .jsonLines).split(separator: "\n")
        #expect(lines[1] == #"{"server":"vps1","user":"=lee\"","date":null,"tx":2,"rx":200}"#)
        #expect(lines[4] == #"{"server":"vps1","user":"=lee\"","date":"2026-10-03","tx":2,"rx":200}"#)
        #expect(LedgerExport.quoted("\u{1}\n\u{e9}") == "\"\\u0001\\u000aé\"")
    }

    @Test("a merged user's figures are the other's, and its name goes")
    func merging() throws {
        try prepare()
        let options = folder.options()
        #expect(
            try LedgerFile.merge(Array("zoe".utf8), into: Array("wang".utf8), options, zone: LedgerFolder.zone) == .gone
        )
        let check = try LedgerFile.check(options, zone: LedgerFolder.zone)
        #expect(check.problems == [])
        #expect(check.users == 2)
        #expect(check.days == 6)
        let image = try folder.open().image
        #expect(image.counters.map(\.total) == [Traffic(up: 12, down: 1200), Traffic(up: 6, down: 600)])
        #expect(image.views[0].taken[0].traffic == Traffic(up: 1, down: 1))
    }

    @Test("a user whom Hysteria lists still stays with nothing counted, so that nothing is counted twice")
    func mergingListed() throws {
        try prepare()
        let options = folder.options()
        let user = Array("=lee\"".utf8)
        #expect(try LedgerFile.merge(user, into: Array("wang".utf8), options, zone: LedgerFolder.zone) == .listed)
        #expect(try LedgerFile.check(options, zone: LedgerFolder.zone).problems == [])
        let image = try folder.open().image
        #expect(image.users.map(\.name).contains(user))
        #expect(image.counters[1] == CounterImage(key: key(2), total: Traffic(), raw: Traffic(up: 50)))
        #expect(image.counters[0].total == Traffic(up: 9, down: 900))
        #expect(image.views[0].taken == [CountedTraffic(key(1), Traffic(up: 6, down: 6))])
    }

    @Test("a forgotten user's name is nowhere in the file, and the sums are what they were")
    func forgetting() throws {
        try prepare()
        let options = folder.options()
        #expect(LedgerFolder.read(folder.path).contains(Array("zoe".utf8)))
        #expect(try LedgerFile.forget(Array("zoe".utf8), options, zone: LedgerFolder.zone) == .gone)
        #expect(!LedgerFolder.read(folder.path).contains(Array("zoe".utf8)))
        #expect(try LedgerFile.check(options, zone: LedgerFolder.zone).problems == [])
        #expect(try export(.users, .csv).contains("vps1,(others),,,9,900\r\n"))
        let error = #expect(throws: LedgerStorageError.self) {
            try LedgerFile.forget(Array("zoe".utf8), options, zone: LedgerFolder.zone)
        }
        #expect(error?.description == "\(folder.path): it has no user zoe")
    }

    @Test("a file with rows that are not folded is not changed")
    func unfolded() throws {
        try prepare()
        var random = StorageRandom(seed: 1)
        let store = try folder.open().store
        try store.append([random.row(2)])
        try store.close()
        let error = #expect(throws: LedgerStorageError.self) {
            try LedgerFile.forget(Array("zoe".utf8), folder.options(), zone: LedgerFolder.zone)
        }
        #expect(error?.kind == .other)
    }

    @Test("days that do not add up are named")
    func checking() throws {
        try prepare()
        let store = try folder.open().store
        try store.database.execute("DELETE FROM day WHERE user = 1 AND date > 0")
        let view = ViewImage(
            id: ViewID(1),
            name: "panel",
            began: 0,
            lastUsed: 0,
            taken: [CountedTraffic(key(3), Traffic(up: 99))]
        )
        try store.fold(LedgerFold(through: 2, views: [ViewChange(view: view, replacesOffer: false)]))
        store.abandon()
        let check = try LedgerFile.check(folder.options(), zone: LedgerFolder.zone)
        #expect(
            check.problems == [
                "user wang: the days come to 101 bytes, the total to 303",
                "consumer panel: more is taken of user zoe than there is",
            ]
        )
        #expect(!check.endedCleanly)
        #expect(try !LedgerFile.check(folder.options(), zone: LedgerFolder.zone).endedCleanly, "a look changes nothing")
    }

    @Test("a file that does not exist is not made")
    func missing() {
        let error = #expect(throws: LedgerStorageError.self) {
            try LedgerFile.check(folder.options(), zone: LedgerFolder.zone)
        }
        #expect(error?.description == "\(folder.path): it cannot be used: No such file or directory")
        #expect(LedgerFolder.names(in: folder.root) == [])
    }
}
