import NIOConcurrencyHelpers
import NIOCore

/// Shows proofs in all ways that there are: the table that listeners answer from, its folder, the proofs of a Hysteria beside, and the
/// command for records of DNS.
package final class ProofDesk: ProofPresenter {
    /// What can change at a reload.
    private struct Settings: Sendable {
        var folder: ProofFolder?
        var dns: DNSSettings?
        var host: HostChallenges?
    }

    /// What listeners ask.
    package let table: ProofTable
    private let clock: any KeeperClock
    /// Whether listeners of this process ask the table, or those of another one show what lies in the folder.
    private let isServed: Bool
    private let settings: NIOLockedValueBox<Settings>
    private let own = NIOLockedValueBox<[Proof]>([])
    private let watch = NIOLockedValueBox<FolderWatch?>(nil)
    /// The problems of the last reading, so that each is told once.
    private let problems = NIOLockedValueBox<Set<String>>([])
    private let whenProblem: @Sendable (String) -> Void
    /// One reading at a time, so that an older one does not replace a newer one.
    private let reading = NIOLock()

    /// - Parameters:
    ///   - isServed: Whether listeners of this process ask the table.
    ///   - whenProblem: Gets a line for the log about a file that cannot be used, when it is seen first.
    package init(
        table: ProofTable = ProofTable(),
        folder: ProofFolder? = nil,
        clock: any KeeperClock,
        isServed: Bool = true,
        whenProblem: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.table = table
        self.clock = clock
        self.isServed = isServed
        self.whenProblem = whenProblem
        settings = NIOLockedValueBox(Settings(folder: folder))
    }

    /// Takes what may be new after a reload.
    ///
    /// - Parameters:
    ///   - folder: Where proofs are kept; nil where no certificates are got here.
    ///   - host: The proofs of a Hysteria beside; nil where it gets no certificates by itself.
    package func apply(folder: ProofFolder?, dns: DNSSettings?, host: HostChallenges?) {
        settings.withLockedValue { $0 = Settings(folder: folder, dns: dns, host: host) }
        refresh()
    }

    // MARK: The folders

    /// Shows what lies in the folders now. It blocks for as long as that takes to be read, so it is not for an event loop.
    ///
    /// To be called from time to time as well, as not every file system reports changes.
    package func refresh() {
        for problem in reading.withLock({ readFolders() }).sorted() { whenProblem(problem) }
    }

    /// Returns the problems that the reading before did not have.
    private func readFolders() -> Set<String> {
        let (folder, host) = settings.withLockedValue { ($0.folder, $0.host) }
        // First: what comes after the reading is a reason for the next one.
        let watched = (folder.map { [$0.path] } ?? []) + (host?.watchedFolders ?? [])
        watch.withLockedValue { $0 }?.watch(watched)
        let folderReading = folder?.read() ?? ProofReading()
        let hostReading = host?.read() ?? ProofReading()
        var found = Set(folderReading.problems + hostReading.problems)
        for (reading, source) in [(folderReading, ProofTable.Source.folder), (hostReading, .host)] {
            do { try table.set(reading.proofs, of: source) } catch { found.insert(error.description) }
        }
        return problems.withLockedValue { known in
            defer { known = found }
            return found.subtracting(known)
        }
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
        let folder = settings.withLockedValue(\.folder)
        do throws(ProofError) {
            // Those of the listeners first: they are there at once, and nothing is left of them if a record fails.
            for proof in proofs where proof.kind != .dns { try folder?.write(proof) }
            folder?.removeOthers(than: proofs)
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
        let (folder, dns) = settings.withLockedValue { ($0.folder, $0.dns) }
        // It cannot fail: there is less to show than before.
        try? set(own.withLockedValue { $0.filter { !proofs.contains($0) } })
        for proof in proofs where proof.kind != .dns { folder?.remove(proof) }
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
        guard isServed else { return "the gateway that runs knows who asked for it" }
        return switch table.timesAsked(for: proof) {
        case 0: "nobody asked for the proof"
        case 1: "the proof was asked for once"
        case let count: "the proof was asked for \(count) times"
        }
    }
}
