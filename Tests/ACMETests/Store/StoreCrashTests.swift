import JSON
import NIOCore
import NIOOpenSSL
import SeededRandom
import Testing

@testable import ACME

@Suite("A store that is stopped after any step")
struct StoreCrashTests {
    /// What was asked of the store and done when everything stopped.
    private struct Done {
        var hasKey = false
        var isRegistered = false
        /// The number of the last certificate that was installed, and of the one after it that may be.
        var installed = 0
        var begun = 0
        /// The number of the order that is kept, until it begins to be dropped.
        var order: Int?
        var orderKeys: [Int: [UInt8]] = [:]
    }

    /// A certificate, as the keeper orders it.
    private func work(_ store: CertificateStore, _ done: inout Done) async throws {
        let (authority, place) = (StoreScene.authority, StoreScene.place)
        guard try await store.lock(authority) else { throw StoreError("another one holds it") }
        if try await store.account(of: authority) == nil {
            try await store.keep(StoreScene.account(known: false), of: authority)
        }
        done.hasKey = true
        try await store.keep(StoreScene.account(), of: authority)
        done.isRegistered = true
        let number = done.installed + 1
        let issue = try StoreScene.issues.get()[number - 1]
        done.orderKeys[number] = issue.key
        try await store.keepOrderKey(issue.key, in: place)
        try await store.keep(StoreScene.order(number), in: place)
        done.order = number
        done.begun = number
        try await store.install(chain: issue.chain, key: issue.key, record: issue.record, in: place)
        done.installed = number
        done.order = nil
        try await store.dropOrder(in: place)
        var attempts = AttemptHistory(identifiers: place.identifiers)
        attempts.issued = [Int64(number)]
        try await store.keep(attempts, in: place)
        var record = issue.record
        record.replacesRefused = true
        try await store.keep(record, in: place)
    }

    private func check(_ files: MemoryFileSystem, _ done: Done, _ scene: String) async throws {
        let store = CertificateStore(folder: StoreScene.folder, files: files, process: 2) { error in
            Issue.record("\(scene): unreadable: \(error)")
        }
        let (authority, place) = (StoreScene.authority, StoreScene.place)
        try #require(try await store.lock(authority), "\(scene): the lock has gone with its process")
        let account = try await store.account(of: authority)
        if done.hasKey { #expect(account?.key == (try StoreScene.account().key), "\(scene): the account's key") }
        if done.isRegistered { #expect(account?.record?.url == StoreScene.accountURL, "\(scene): the account") }

        let serials = try StoreScene.issues.get().map(\.record.certificate.serial)
        let number = await store.certificate(in: place).flatMap { serials.firstIndex(of: $0.certificate.serial) } ?? -1
        #expect([done.installed, done.begun].contains(number + 1), "\(scene): certificate \(number + 1), \(done)")
        try checkPair(files, scene)

        let order = await store.order(in: place)
        let key = await store.orderKey(in: place)
        if let wanted = done.order {
            #expect(order == StoreScene.order(wanted), "\(scene): order \(wanted)")
        }
        if let order {
            let number = Int(order.createdAt)
            #expect(key == done.orderKeys[number], "\(scene): an order has its key")
        }
    }

    /// What the gateway reads: both files by the link, and one belongs to the other.
    private func checkPair(_ files: MemoryFileSystem, _ scene: String) throws {
        let folder = "\(StoreScene.folder)/\(StoreScene.place.folder)"
        guard let set = files.target(of: "\(folder)/current") else { return }
        let chain = try #require(try files.read("\(folder)/\(set)/fullchain.pem", limit: .max), "\(scene): no chain")
        let key = try #require(try files.read("\(folder)/\(set)/privkey.pem", limit: .max), "\(scene): no key")
        #expect(throws: Never.self, "\(scene): a key without its certificate") {
            try TLSIdentity(certificateChainPEM: chain, privateKeyPEM: key)
        }
    }

    @Test(
        "has all that it said it has, no half of a file, and goes on",
        arguments: MemoryFileSystem.Stop.allCases,
        [0, 3]
    )
    func everyStep(stop: MemoryFileSystem.Stop, before: Int) async throws {
        let start = MemoryFileSystem()
        var began = Done()
        for _ in 0..<before {
            try await work(CertificateStore(folder: StoreScene.folder, files: start, process: 1), &began)
            start.restart(after: .kill, seed: 0)
        }
        let whole = MemoryFileSystem(copying: start)
        var done = began
        try await work(CertificateStore(folder: StoreScene.folder, files: whole, process: 1), &done)
        let steps = whole.steps
        #expect(steps > 50)
        for step in 0...steps {
            let files = MemoryFileSystem(copying: start)
            files.stop(after: step)
            var done = began
            try? await work(CertificateStore(folder: StoreScene.folder, files: files, process: 1), &done)
            // What the disk has of the rest is up to chance.
            for chance in 0..<(stop == .powerWithSome ? 6 : 1) {
                let seed = UInt64(step * 100 + chance)
                let left = MemoryFileSystem(copying: files)
                left.restart(after: stop, seed: seed)
                let scene = "\(stop) after step \(step) of \(steps), seed \(seed)"
                try await check(left, done, scene)
                guard chance == 0 else { continue }
                // And what goes on from there finds nothing in its way.
                left.restart(after: .kill, seed: 0)
                var next = done
                try await work(CertificateStore(folder: StoreScene.folder, files: left, process: 3), &next)
                try check(left, isTidy: scene)
            }
        }
    }

    /// Nothing is left of what was begun and not finished.
    private func check(_ files: MemoryFileSystem, isTidy scene: String) throws {
        let folder = "\(StoreScene.folder)/\(StoreScene.place.folder)"
        let names = try files.list(folder)
        #expect(!names.contains { $0.hasPrefix(".") }, "\(scene): \(names)")
        #expect(names.filter { $0.hasPrefix("20") }.count <= CertificateFolder.setLimit, "\(scene): \(names)")
        #expect(!names.contains("order.json") && !names.contains("order.pem"), "\(scene): \(names)")
    }
}
