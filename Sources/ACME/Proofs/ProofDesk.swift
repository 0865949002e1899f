import NIOConcurrencyHelpers
import NIOCore

/// Shows proofs in all ways that there are: the table that listeners answer from, its folder, the proofs of a Hysteria beside, and the
/// command for records of DNS.
package final class ProofDesk: ProofPresenter {
    /// What can change at a reload.
    private struct Settings: Sendable {
        var dns: DNSSettings?
        var host: HostChallenges?
    }

    /// What listeners ask.
    package let table: ProofTable
    private let folder: ProofFolder
    private let clock: any KeeperClock
    private let settings: NIOLockedValueBox<Settings>
    private let own = NIOLockedValueBox<[Proof]>([])
    private let watch = NIOLockedValueBox<FolderWatch?>(nil)
    /// The problems of the last reading, so that each is told once.
    private let problems = NIOLockedValueBox<Set<String>>([])
    private let whenProblem: @Sendable (String) -> Void

    /// - Parameter whenProblem: Gets a line for the log about a file that cannot be used, when it is seen first.
    package init(
        table: ProofTable = ProofTable(),
        folder: ProofFolder,
        clock: any KeeperClock,
        whenProblem: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.table = table
        self.folder = folder
        self.clock = clock
        self.whenProblem = whenProblem
        settings = NIOLockedValueBox(Settings())
    }

    /// Takes what may be new after a reload.
    package func apply(dns: DNSSettings?, host: HostChallenges?) {
        settings.withLockedValue { $0 = Settings(dns: dns, host: host) }
        refresh()
    }

    // MARK: The folders

    /// Shows what lies in the folders now. It blocks for as long as that takes to be read, so it is not for an event loop.
    ///
    /// To be called from time to time as well, as not every file system reports changes.
    package func refresh() {
        let host = settings.withLockedValue(\.host)
        // First: what comes after the reading is a reason for the next one.
        watch.withLockedValue { $0 }?.watch([folder.path] + (host?.watchedFolders ?? []))
        let folderReading = folder.read()
        let hostReading = host?.read() ?? ProofReading()
        var found = Set(folderReading.problems + hostReading.problems)
        for (reading, source) in [(folderReading, ProofTable.Source.folder), (hostReading, .host)] {
            do { try table.set(reading.proofs, of: source) } catch { found.insert(error.description) }
        }
        let new = problems.withLockedValue { known in
            defer { known = found }
            return found.subtracting(known)
        }
        for problem in new.sorted() { whenProblem(problem) }
    }

    /// Shows what lies in the folders, and what will, until the task is cancelled.
    package func follow(on eventLoop: any EventLoop) async {
        let (changes, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let made = try? await FolderWatch(on: eventLoop) { signal.yield() }
        watch.withLockedValue { $0 = made }
        signal.yield()
        let beat = eventLoop.scheduleRepeatedTask(initialDelay: .seconds(5), delay: .seconds(5)) { _ in signal.yield() }
        for await _ in changes { refresh() }
        beat.cancel()
        watch.withLockedValue { $0 = nil }
        await made?.close()
    }

    // MARK: Proofs of our own

    package func show(_ proofs: [Proof]) async throws(ProofError) {
        do throws(ProofError) {
            // Those of the listeners first: they are there at once, and nothing is left of them if a record fails.
            for proof in proofs where proof.kind != .dns { try folder.write(proof) }
            try set(own.withLockedValue { $0.filter { !proofs.contains($0) } } + proofs.filter { $0.kind != .dns })
            try await present(proofs.filter { $0.kind == .dns })
        } catch {
            await hide(proofs)
            throw error
        }
    }

    private func present(_ proofs: [Proof]) async throws(ProofError) {
        guard !proofs.isEmpty else { return }
        guard let dns = settings.withLockedValue(\.dns) else {
            throw ProofError("there is no command for records of DNS, so nothing can be proved by dns-01")
        }
        for proof in proofs { try await RecordCommand(path: dns.command).run(.present, proof) }
        await clock.sleep(dns.wait)
    }

    package func hide(_ proofs: [Proof]) async {
        // It cannot fail: there is less to show than before.
        try? set(own.withLockedValue { $0.filter { !proofs.contains($0) } })
        for proof in proofs where proof.kind != .dns { folder.remove(proof) }
        let dns = settings.withLockedValue(\.dns)
        for proof in proofs where proof.kind == .dns {
            guard let dns else { continue }
            do {
                try await RecordCommand(path: dns.command).run(.cleanup, proof)
            } catch {
                // The certificate does not depend on it.
                whenProblem("a record of \(proof.identifier.value) was not removed: \(error)")
            }
        }
    }

    private func set(_ proofs: [Proof]) throws(ProofError) {
        try table.set(proofs, of: .own)
        own.withLockedValue { $0 = proofs }
    }

    package func askers(of proof: Proof) async -> String {
        guard proof.kind != .dns else { return "who asked for the record is not known here" }
        return switch table.timesAsked(for: proof) {
        case 0: "nobody asked for the proof"
        case 1: "the proof was asked for once"
        case let count: "the proof was asked for \(count) times"
        }
    }
}
