import Foundation
import Glibc
import NIOOpenSSL
import Testing

@testable import ACME

@Suite("Files of this machine")
struct LinuxFileSystemTests {
    private let files = LinuxFileSystem()

    /// A folder that is gone afterwards.
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "/acme-\(UUID().uuidString)"
        try #require(mkdir(folder, 0o755) == 0)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    private func words(_ body: () async throws -> Void) async -> String {
        do {
            try await body()
            return "nothing"
        } catch {
            return "\(error)"
        }
    }

    @Test("a whole life of a certificate, on a disk, for its owner alone")
    func life() async throws {
        try await withFolder { parent in
            let folder = "\(parent)/acme"
            let place = StoreScene.place
            // What umask takes away is given all the same, and what it leaves is not.
            let store = CertificateStore(folder: folder)
            #expect(try await store.lock(StoreScene.authority))
            try await store.keep(StoreScene.account(), of: StoreScene.authority)
            for issue in try StoreScene.issues.get() {
                try await store.keepOrderKey(issue.key, in: place)
                try await store.keep(StoreScene.order(1), in: place)
                try await store.install(chain: issue.chain, key: issue.key, record: issue.record, in: place)
                try await store.dropOrder(in: place)
                #expect(await store.certificate(in: place) == issue.record)
            }
            let authority = "\(folder)/ca.example-directory"
            let current = "\(authority)/my.example.org/current"
            let identity = try TLSIdentity(
                certificateFile: "\(current)/fullchain.pem",
                keyFile: "\(current)/privkey.pem"
            )
            #expect(identity.leaf.names == ["my.example.org"])
            #expect(try files.list("\(authority)/my.example.org").count == CertificateFolder.setLimit + 1)
            #expect(try files.list(authority) == ["account.json", "account.pem", "lock", "my.example.org"])
            for path in [folder, authority, "\(authority)/my.example.org", "\(current)/."] {
                #expect(mode(path) == 0o700)
            }
            for path in ["account.json", "account.pem", "lock", "my.example.org/current/privkey.pem"] {
                #expect(mode("\(authority)/\(path)") == 0o600, "\(path)")
            }
            // Another process begins where this one ended.
            await store.unlock(StoreScene.authority)
            let next = CertificateStore(folder: folder)
            #expect(try await next.lock(StoreScene.authority))
            #expect(try await next.account(of: StoreScene.authority) == StoreScene.account())
        }
    }

    @Test("a group reads what is in use, and an unknown one is named")
    func group() async throws {
        guard let group = getgrgid(getegid()), let name = group.pointee.gr_name.map({ String(cString: $0) }) else {
            return
        }
        try await withFolder { parent in
            let issue = try StoreScene.issues.get()[0]
            let place = StoreScene.place
            let store = CertificateStore(folder: "\(parent)/acme", group: name)
            try await store.keepOrderKey(issue.key, in: place)
            try await store.install(chain: issue.chain, key: issue.key, record: issue.record, in: place)
            let folder = "\(parent)/acme/\(place.folder)"
            #expect(mode("\(parent)/acme") == 0o750)
            #expect(mode(folder) == 0o750)
            #expect(mode("\(folder)/current/.") == 0o750)
            #expect(mode("\(folder)/order.pem") == 0o600)
            for file in ["privkey.pem", "fullchain.pem"] { #expect(mode("\(folder)/current/\(file)") == 0o640) }
            let other = CertificateStore(folder: "\(parent)/other", group: "no-such-group")
            let problem = await words { try await other.keepOrderKey([1], in: place) }
            #expect(
                problem
                    == "\(parent)/other cannot be given to the group 'no-such-group': there is no such group on this machine"
            )
        }
    }

    @Test("a file is made anew or not at all, and no link leads away")
    func newFiles() async throws {
        try await withFolder { folder in
            try files.writeNew("\(folder)/a", Array("one".utf8), .secret)
            #expect(
                await words { try files.writeNew("\(folder)/a", [], .secret) }
                    == "\(folder)/a cannot be written: File exists"
            )
            #expect(try files.read("\(folder)/a", limit: 3) == Array("one".utf8))
            #expect(await words { _ = try files.read("\(folder)/a", limit: 2) }.contains("more than 2 bytes"))
            #expect(try files.read("\(folder)/b", limit: 3) == nil)
            try files.link("\(folder)/dangling", to: "\(folder)/elsewhere")
            #expect(await words { try files.writeNew("\(folder)/dangling", [], .secret) }.contains("File exists"))
            #expect(try files.list(folder) == ["a", "dangling"])
            #expect(files.target(of: "\(folder)/dangling") == "\(folder)/elsewhere")
            #expect(files.target(of: "\(folder)/a") == nil)
            try files.link("\(folder)/link", to: folder)
            #expect(await words { try files.makeFolder("\(folder)/link", .secret) }.contains("used as a folder"))
            #expect(
                await words { try files.makeFolder("\(folder)/a", .secret) }.contains(
                    "something else stands where a folder has to be"
                )
            )
            #expect(
                await words { try files.makeFolder("\(folder)/x/y", .secret) }.contains(
                    "is the folder that it lies in there?"
                )
            )
            try files.remove("\(folder)/a")
            try files.remove("\(folder)/a")
            #expect(try files.list("\(folder)/none") == [])
        }
    }

    @Test("one of two locks holds, also against another process, and ends with it")
    func locks() async throws {
        try await withFolder { folder in
            let path = "\(folder)/lock"
            let first = try StoreLock.take(path)
            #expect(first != nil)
            #expect(try StoreLock.take(path) == nil)
            first?.release()
            first?.release()
            do {
                let second = try StoreLock.take(path)
                #expect(second != nil)
            }
            let other = Process()
            let output = Pipe()
            let input = Pipe()
            other.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
            other.arguments = [path, "sh", "-c", "echo held; read line"]
            other.standardOutput = output
            other.standardInput = input
            try other.run()
            _ = try output.fileHandleForReading.read(upToCount: 5)
            #expect(try StoreLock.take(path) == nil)
            try input.fileHandleForWriting.close()
            other.waitUntilExit()
            let third = try StoreLock.take(path)
            #expect(third != nil)
            // The file is removed: who makes it anew must not hold beside the one who has the old one for long.
            unlink(path)
            let fourth = try StoreLock.take(path)
            #expect(fourth != nil)
            #expect(
                await words { _ = try StoreLock.take("\(folder)/x/lock") }.hasPrefix(
                    "\(folder)/x/lock cannot be opened"
                )
            )
        }
    }

    @Test("a child process does not hold the lock on")
    func inheritance() async throws {
        try await withFolder { folder in
            let path = "\(folder)/lock"
            let lock = try StoreLock.take(path)
            let child = Process()
            let input = Pipe()
            child.executableURL = URL(fileURLWithPath: "/bin/sh")
            child.arguments = ["-c", "read line"]
            child.standardInput = input
            try child.run()
            lock?.release()
            #expect(try StoreLock.take(path) != nil)
            try input.fileHandleForWriting.close()
            child.waitUntilExit()
        }
    }

    /// A file system of its own, if this user may make one.
    private func withSmallDisk(_ body: (String) async throws -> Void) async throws {
        try await withFolder { folder in
            func run(_ program: String, _ arguments: [String]) throws -> Bool {
                let process = Process()
                process.executableURL = URL(fileURLWithPath: program)
                process.arguments = arguments
                process.standardError = FileHandle.nullDevice
                try process.run()
                process.waitUntilExit()
                return process.terminationStatus == 0
            }
            guard geteuid() == 0, try run("/bin/mount", ["-t", "tmpfs", "-o", "size=64k", "acme", folder]) else {
                return
            }
            defer { _ = try? run("/bin/umount", ["-l", folder]) }
            try await body(folder)
            guard try run("/bin/mount", ["-o", "remount,ro", folder]) else { return }
            let store = CertificateStore(folder: "\(folder)/acme")
            let problem = await words { try await store.keep(StoreScene.order(2), in: StoreScene.place) }
            #expect(
                problem.contains("Read-only file system; the file system is read-only; under systemd"),
                "\(problem)"
            )
        }
    }

    @Test("a disk that is full or read-only is named, and what was there stays whole")
    func fullDisk() async throws {
        try await withSmallDisk { folder in
            let place = StoreScene.place
            let store = CertificateStore(folder: "\(folder)/acme")
            let issues = try StoreScene.issues.get()
            try await store.keepOrderKey(issues[0].key, in: place)
            try await store.keep(StoreScene.order(1), in: place)
            try await store.install(chain: issues[0].chain, key: issues[0].key, record: issues[0].record, in: place)
            // All the room but nothing for one more file.
            let filler = open("\(folder)/filler", O_WRONLY | O_CREAT, 0o600)
            let block = [UInt8](repeating: 1, count: 4096)
            while write(filler, block, block.count) > 0 {}
            close(filler)
            for problem in [
                await words { try await store.keep(StoreScene.order(2), in: place) },
                await words {
                    try await store.install(
                        chain: issues[1].chain,
                        key: issues[1].key,
                        record: issues[1].record,
                        in: place
                    )
                },
            ] {
                #expect(problem.hasPrefix("\(folder)/acme/\(place.folder)/"), "\(problem)")
                #expect(problem.contains("No space left on device; make room there"), "\(problem)")
            }
            #expect(await store.order(in: place) == StoreScene.order(1))
            #expect(await store.certificate(in: place) == issues[0].record)
            unlink("\(folder)/filler")
            try await store.install(chain: issues[1].chain, key: issues[1].key, record: issues[1].record, in: place)
            #expect(await store.certificate(in: place) == issues[1].record)
            #expect(!(try files.list("\(folder)/acme/\(place.folder)")).contains { $0.hasPrefix(".") })
        }
    }

    @Test("what belongs to another user is named, with the number of ours")
    func otherOwner() async throws {
        // Swift's Glibc has no <sys/fsuid.h>.
        guard geteuid() == 0, let symbol = dlsym(nil, "setfsuid") else { return }
        let setUser = unsafeBitCast(symbol, to: (@convention(c) (uid_t) -> CInt).self)
        try await withFolder { folder in
            try files.writeNew("\(folder)/account.pem", [1], .secret)
            let problems = await withCheckedContinuation { (done: CheckedContinuation<[String], Never>) in
                // The user by whom files are opened is that of a thread.
                Thread {
                    _ = setUser(65_534)
                    var problems: [String] = []
                    do {
                        try problems.append("\(String(describing: files.read("\(folder)/account.pem", limit: 9)))")
                    } catch {
                        problems.append("\(error)")
                    }
                    do {
                        try files.writeNew("\(folder)/new", [1], .secret)
                        problems.append("written")
                    } catch { problems.append("\(error)") }
                    done.resume(returning: problems)
                }.start()
            }
            for (problem, verb) in zip(problems, ["account.pem cannot be read", "new cannot be written"]) {
                #expect(problem.contains("\(verb): Permission denied; does it belong to the user that"), "\(problem)")
            }
        }
    }
}
