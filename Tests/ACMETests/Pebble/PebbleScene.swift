import Foundation
import Glibc
import NIOConcurrencyHelpers
import NIOOpenSSL
import Testing

@testable import ACME

/// An authority, listeners that show proofs, and who keeps certificates: all of it real but the wish to wait.
final class PebbleScene {
    let pebble: PebbleServer
    let desk: ProofDesk
    private let listener: ProofListener
    private let external: ExternalAccountSettings?

    init(_ options: PebbleServer.Options = .init(), external: ExternalAccountSettings? = nil) async throws {
        self.external = external
        // Its ports are taken first, and by nobody else then.
        let table = ProofTable()
        listener = try ProofListener(table)
        pebble = try await PebbleServer(options, tlsPort: listener.tlsPort, httpPort: listener.httpPort)
        desk = ProofDesk(
            table: table,
            folder: ProofFolder(path: "\(pebble.folder)/challenges", process: getpid()),
            clock: SystemKeeperClock()
        )
    }

    deinit {
        listener.stop()
        pebble.stop()
    }

    var authority: AuthoritySettings {
        AuthoritySettings(
            directory: pebble.directory,
            name: "pebble",
            trust: pebble.trustFile,
            externalAccount: external
        )
    }

    var folder: String { "\(pebble.folder)/acme" }

    /// What happened until something did.
    struct Report {
        var events: [ACMEEvent] = []

        var shown: [Proof] {
            notes.compactMap { if case .shown(let proof) = $0 { proof } else { nil } }
        }

        var notes: [IssuanceNote] {
            events.compactMap { if case .note(_, let note) = $0 { note } else { nil } }
        }

        var orders: Int { notes.filter { if case .ordered = $0 { true } else { false } }.count }

        /// How many requests were answered with this status.
        func count(status: Int) -> Int {
            events.filter { if case .request(_, status) = $0 { true } else { false } }.count
        }

        var obtained: CertificateRecord? {
            events.compactMap { if case .obtained(_, let record, _) = $0 { record } else { nil } }.last
        }

        var problem: AttemptProblem? {
            events.compactMap { if case .refused(_, let problem, _, _, _, _, _) = $0 { problem } else { nil } }.last
        }
    }

    /// Keeps certificates until one of them came, or did not; a new process with what the one before it has left on the disk.
    ///
    /// - Parameter force: Orders one even if there is one.
    func keep(
        _ identifiers: [Identifier],
        by kinds: [ProofKind] = [.tls, .http],
        force: Bool = false,
        files: any FileSystem = LinuxFileSystem(),
        until isEnough: @escaping @Sendable (ACMEEvent) -> Bool = PebbleScene.isEnd
    ) async throws -> Report {
        let settings = ACMESettings(
            certificates: [identifiers],
            authorities: [authority],
            proofKinds: kinds,
            folder: folder
        )
        let (events, continuation) = AsyncStream.makeStream(of: ACMEEvent.self)
        let (pebble, desk) = (pebble, desk)
        let client = pebble.client
        let keeper = CertificateKeeper(
            settings,
            environment: KeeperEnvironment(
                clock: SystemKeeperClock(),
                tools: OpenSSLCertificateTools(),
                makeStore: { CertificateStore(folder: $0.folder, files: files) },
                makeProofs: { _ in desk },
                makeTransport: { _ in client },
                tick: 1...1,
                onEvent: { continuation.yield($0) }
            )
        )
        let work = Task { await keeper.run() }
        // Nobody waits for ever: a test that fails says what happened until then.
        let overdue = Task {
            try await Task.sleep(for: .seconds(60))
            continuation.finish()
        }
        var report = Report()
        // What is demanded before the settings are there is demanded of nobody.
        while await keeper.status.isEmpty { await Task.yield() }
        await keeper.demand(force: force)
        for await event in events {
            report.events.append(event)
            if isEnough(event) { break }
        }
        overdue.cancel()
        work.cancel()
        await work.value
        return report
    }

    static let isEnd: @Sendable (ACMEEvent) -> Bool = { event in
        switch event {
        case .obtained, .refused, .storeFailed: true
        default: false
        }
    }

    /// Checks what is in use with OpenSSL's own program, as a client that trusts the authority's root.
    func verify(_ identifiers: [Identifier], _ report: Report) async throws {
        guard let record = report.obtained else {
            Issue.record("nothing came: \(report.events)\n\(pebble.log.suffix(3000))")
            return
        }
        let place = StorePlace(authority, identifiers)
        let store = CertificateStore(folder: folder) { Issue.record("unreadable: \($0)") }
        #expect(await store.certificate(in: place)?.certificate == record.certificate)
        #expect(await store.order(in: place) == nil)
        #expect(await store.orderKey(in: place) == nil)
        #expect(desk.table.count == 0)
        let proofs = (try? FileManager.default.contentsOfDirectory(atPath: "\(pebble.folder)/challenges")) ?? []
        #expect(proofs.isEmpty)
        let current = "\(folder)/\(place.folder)/current"
        _ = try TLSIdentity(certificateFile: "\(current)/fullchain.pem", keyFile: "\(current)/privkey.pem")
        try await Data(pebble.root()).write(to: URL(fileURLWithPath: "\(pebble.folder)/root.crt"))
        for identifier in identifiers {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
            process.arguments = [
                "verify", "-CAfile", "\(pebble.folder)/root.crt", "-untrusted", "\(current)/fullchain.pem",
                "-purpose", "sslserver", identifier.isAddress ? "-verify_ip" : "-verify_hostname",
                identifier.isWildcard ? "a.\(identifier.proved.value)" : identifier.value,
                "\(current)/fullchain.pem",
            ]
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0, "openssl verify for \(identifier)")
        }
    }
}
