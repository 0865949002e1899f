import Glibc
import NIOConcurrencyHelpers
import Testing

@testable import ACME

@Suite("The store of accounts and certificates")
struct CertificateStoreTests {
    private let files = MemoryFileSystem()
    private let place = StoreScene.place
    private var folder: String { "\(StoreScene.folder)/\(place.folder)" }

    private func store(group: String? = nil, process: Int32 = 1) -> CertificateStore {
        CertificateStore(folder: StoreScene.folder, group: group, files: files, process: process)
    }

    private func install(_ number: Int, _ store: CertificateStore) async throws {
        let issue = try StoreScene.issues.get()[number - 1]
        try await store.install(chain: issue.chain, key: issue.key, record: issue.record, in: place)
    }

    private func words(_ body: () async throws -> Void) async -> String {
        do {
            try await body()
            return "nothing"
        } catch {
            return "\(error)"
        }
    }

    @Test("is empty at first, and makes its folders when it is written to")
    func empty() async throws {
        let store = store()
        #expect(try await store.account(of: StoreScene.authority) == nil)
        #expect(await store.certificate(in: place) == nil)
        #expect(await store.order(in: place) == nil)
        #expect(await store.orderKey(in: place) == nil)
        #expect(await store.attempts(in: place) == nil)
        #expect(files.steps == 0)
        try await store.dropOrder(in: place)
    }

    @Test("keeps three certificates, and its link leads to the last")
    func sets() async throws {
        let store = store()
        for number in 1...5 { try await install(number, store) }
        let names = try files.list(folder).filter { $0 != "current" }
        #expect(
            names == ["2026-11-30T08-12-03Z", "2026-12-01T08-12-03Z", "2026-12-02T08-12-03Z"].map { $0 }
                || names.count == 3
        )
        #expect(files.target(of: "\(folder)/current") == names.last)
        let issue = try StoreScene.issues.get()[4]
        #expect(await store.certificate(in: place) == issue.record)
        #expect(try files.read("\(folder)/\(names[2])/fullchain.pem", limit: .max) == issue.chain)
        // The same moment, as with a clock that was set back: beside the other one.
        try await install(5, store)
        #expect(files.target(of: "\(folder)/current") == names[2] + "-2")
    }

    @Test("does not keep a key that is not the certificate's")
    func otherKey() async throws {
        let issues = try StoreScene.issues.get()
        let problem = await words {
            try await store().install(chain: issues[0].chain, key: issues[1].key, record: issues[0].record, in: place)
        }
        #expect(problem == "\(folder) cannot be written: the key does not belong to the certificate")
        #expect(files.steps == 0)
    }

    @Test("knows a certificate without what is kept about it, and none without its key")
    func damagedSet() async throws {
        let said = NIOLockedValueBox<[String]>([])
        let store = CertificateStore(folder: StoreScene.folder, files: files, process: 1) { error in
            said.withLockedValue { $0.append("\(error)") }
        }
        try await install(1, store)
        let issue = try StoreScene.issues.get()[0]
        let set = "\(folder)/\(files.target(of: "\(folder)/current") ?? "")"
        for broken in ["", "{", "[]", "{}"] {
            try files.remove("\(set)/certificate.json")
            try files.writeNew("\(set)/certificate.json", Array(broken.utf8), .secret)
            let record = await store.certificate(in: place)
            #expect(record?.certificate.serial == issue.record.certificate.serial)
            #expect(record?.identifiers == place.identifiers)
            #expect(record?.account == "")
        }
        _ = await store.certificate(in: place)
        #expect(said.withLockedValue { $0.count } == 2, "once for each way in which it is no JSON: \(said)")
        try files.remove("\(set)/privkey.pem")
        try files.writeNew("\(set)/privkey.pem", try StoreScene.issues.get()[1].key, .secret)
        #expect(await store.certificate(in: place) == nil)
        try files.remove("\(set)/privkey.pem")
        #expect(await store.certificate(in: place) == nil)
        try await install(1, store)
        #expect(await store.certificate(in: place) == issue.record)
    }

    @Test("a link that leads elsewhere is none", arguments: ["../other", "/etc", "2026/../..", "", "current", "a"])
    func link(target: String) async throws {
        let store = store()
        try await install(1, store)
        try files.remove("\(folder)/current")
        try files.link("\(folder)/current", to: target)
        #expect(await store.certificate(in: place) == nil)
        try await install(2, store)
        #expect(await store.certificate(in: place) != nil)
    }

    @Test("a link to another certificate's folder is none, though what lies there is whole")
    func foreignLink() async throws {
        let store = store()
        let other = StorePlace(StoreScene.authority, [.name("other.example.org")])
        let issue = try StoreScene.issues.get()[0]
        try await store.install(chain: issue.chain, key: issue.key, record: issue.record, in: other)
        let set = files.target(of: "\(StoreScene.folder)/\(other.folder)/current") ?? ""
        try await store.keepOrderKey([1], in: place)
        for target in ["../other.example.org/\(set)", "\(StoreScene.folder)/\(other.folder)/\(set)"] {
            try files.link("\(folder)/current", to: target)
            #expect(await store.certificate(in: place) == nil)
            try files.remove("\(folder)/current")
        }
    }

    @Test("a set that was never finished is removed with the next one")
    func unfinishedSet() async throws {
        let store = store()
        try await install(1, store)
        let unfinished = "\(folder)/2026-01-01T00-00-00Z"
        try files.makeFolder(unfinished, .folder(for: nil))
        try files.writeNew("\(unfinished)/privkey.pem", [1], .secret)
        try files.writeNew("\(unfinished)/fullchain.pem", [1], .secret)
        try await install(2, store)
        #expect(try files.list(folder) == ["2026-11-28T10-12-03Z", "2026-11-29T10-12-03Z", "current"])
    }

    /// In a container, every process has the number 1.
    @Test("a draft that was left behind by a process of the same number is in nobody's way")
    func sameProcess() async throws {
        let store = store()
        try await store.keepOrderKey([1], in: place)
        try files.writeNew("\(folder)/.order.json.1.new", [1], .secret)
        try await store.keep(StoreScene.order(1), in: place)
        #expect(await store.order(in: place) == StoreScene.order(1))
        #expect(try files.list(folder) == ["order.json", "order.pem"])
    }

    @Test("a broken order, or broken attempts, are as none, and are replaced")
    func brokenState() async throws {
        let store = store()
        try await store.keepOrderKey([1], in: place)
        for text in ["", "{\"url\":", "null", "{\"url\":\"http://plain.example/\"}"] {
            for name in ["order.json", "attempts.json"] {
                try files.remove("\(folder)/\(name)")
                try files.writeNew("\(folder)/\(name)", Array(text.utf8), .secret)
            }
            #expect(await store.order(in: place) == nil)
            #expect(await store.attempts(in: place) == nil)
        }
        try await store.keep(StoreScene.order(1), in: place)
        #expect(await store.order(in: place) == StoreScene.order(1))
    }

    @Test("an order ends when another key comes into the place of its own")
    func otherOrderKey() async throws {
        let store = store()
        try await store.keepOrderKey([1], in: place)
        try await store.keep(StoreScene.order(1), in: place)
        try await store.keepOrderKey([1], in: place)
        #expect(await store.order(in: place) == StoreScene.order(1))
        try await store.keepOrderKey([2], in: place)
        #expect(await store.order(in: place) == nil)
        #expect(await store.orderKey(in: place) == [2])
        try await store.dropOrder(in: place)
        #expect(await store.orderKey(in: place) == nil)
    }

    @Test("a key of an account is never replaced, and one that cannot be read is no reason for a new one")
    func accountKey() async throws {
        let store = store()
        let account = try StoreScene.account()
        try await store.keep(account, of: StoreScene.authority)
        #expect(try await store.account(of: StoreScene.authority) == account)
        var other = account
        other.key = try StoreScene.issues.get()[0].key
        #expect(
            await words { try await store.keep(other, of: StoreScene.authority) }.contains(
                "the key of another account is there"
            )
        )
        // The account is forgotten, and its key is not.
        try await store.keep(StoreScene.account(known: false), of: StoreScene.authority)
        #expect(try await store.account(of: StoreScene.authority) == StoredAccount(key: account.key, record: nil))
        let path = "\(StoreScene.folder)/\(StoreScene.authority.folderName)/account.pem"
        for text in ["", "-----BEGIN PRIVATE KEY-----"] {
            try files.remove(path)
            try files.writeNew(path, Array(text.utf8), .secret)
            #expect(
                await words { _ = try await store.account(of: StoreScene.authority) }.hasPrefix(
                    "\(path) cannot be read"
                )
            )
            #expect(
                await words { try await store.keep(account, of: StoreScene.authority) }.hasPrefix(
                    "\(path) cannot be read"
                )
            )
        }
        files.fail { verb, read in verb == "read" && read == path ? EACCES : nil }
        #expect(
            await words { _ = try await store.account(of: StoreScene.authority) }.contains("does it belong to the user")
        )
    }

    @Test("one of two holds an authority's folder, and another authority's is another")
    func locks() async throws {
        let (one, two) = (store(process: 1), store(process: 2))
        let other = AuthoritySettings(directory: "https://ca.example/staging", name: "staging")
        #expect(try await one.lock(StoreScene.authority))
        #expect(try await one.lock(StoreScene.authority))
        #expect(try await !two.lock(StoreScene.authority))
        #expect(try await two.lock(other))
        await two.unlock(StoreScene.authority)
        #expect(try await !two.lock(StoreScene.authority))
        await one.unlock(StoreScene.authority)
        #expect(try await two.lock(StoreScene.authority))
    }

    @Test("what another process left half written is removed with the lock")
    func drafts() async throws {
        let store = store()
        try await store.keepOrderKey([1], in: place)
        try files.writeNew("\(folder)/.order.json.77.new", [1], .secret)
        try files.writeNew("\(StoreScene.folder)/\(StoreScene.authority.folderName)/.account.pem.77.new", [1], .secret)
        #expect(try await store.lock(StoreScene.authority))
        #expect(try files.list(folder) == ["order.pem"])
        #expect(
            try files.list("\(StoreScene.folder)/\(StoreScene.authority.folderName)") == ["lock", "my.example.org"]
        )
    }

    @Test("a group may read what is in use, and nothing else")
    func group() async throws {
        let store = store(group: "certs")
        try await store.keep(StoreScene.account(), of: StoreScene.authority)
        try await store.keepOrderKey([1], in: place)
        try await store.keep(StoreScene.order(1), in: place)
        try await install(1, store)
        let set = "\(folder)/\(files.target(of: "\(folder)/current") ?? "")"
        for name in ["privkey.pem", "fullchain.pem", "certificate.json"] {
            #expect(files.access(of: "\(set)/\(name)") == FileAccess(mode: 0o640, group: "certs"))
        }
        for name in [StoreScene.folder, "\(StoreScene.folder)/\(StoreScene.authority.folderName)", folder, set] {
            #expect(files.access(of: name) == FileAccess(mode: 0o750, group: "certs"))
        }
        for name in ["\(folder)/order.pem", "\(folder)/order.json"] { #expect(files.access(of: name) == .secret) }
        #expect(files.access(of: "\(StoreScene.folder)/\(StoreScene.authority.folderName)/account.pem") == .secret)
    }

    @Test("a group that is configured later is let in")
    func laterGroup() async throws {
        try await install(1, store())
        let set = "\(folder)/\(files.target(of: "\(folder)/current") ?? "")"
        #expect(files.access(of: "\(set)/privkey.pem") == .secret)
        try await store(group: "certs").letGroupIn(place)
        #expect(files.access(of: "\(set)/privkey.pem") == FileAccess(mode: 0o640, group: "certs"))
        #expect(files.access(of: set) == FileAccess(mode: 0o750, group: "certs"))
    }

    @Test(
        "a disk that takes nothing is named, with what to do, and what was there stays",
        arguments: [
            (ENOSPC, "make room there"), (EROFS, "is it the StateDirectory"), (EACCES, "does it belong to the user"),
        ]
    )
    func badDisk(code: CInt, advice: String) async throws {
        let store = store()
        try await install(1, store)
        try await store.keepOrderKey([1], in: place)
        try await store.keep(StoreScene.order(1), in: place)
        for verb in ["written", "renamed", "made"] {
            files.fail { [folder] tried, path in tried == verb && path.hasPrefix(folder) ? code : nil }
            let problem = await words { try await install(2, store) }
            #expect(problem.hasPrefix(folder) && problem.contains(advice), "\(problem)")
            if verb != "made" {
                let order = await words { try await store.keep(StoreScene.order(2), in: place) }
                #expect(order.hasPrefix(folder) && order.contains(advice), "\(order)")
            }
            files.fail(nil)
            #expect(await store.certificate(in: place) == (try StoreScene.issues.get()[0].record))
            #expect(await store.order(in: place) != nil)
        }
    }
}
