import Foundation
import Glibc
import NIOOpenSSL
import Testing

@testable import ACME

/// Client, machines, store and proofs together, against an authority that shares no code with them.
@Suite("Certificates from pebble", .serialized, .enabled(if: PebbleServer.isInstalled))
struct PebbleTests {
    private static let name = Identifier.name("my.example.org")
    private static let address = Identifier.address("127.0.0.1")

    /// An authority, and who orders from it.
    private final class Scene {
        let pebble: PebbleServer
        let listener: ProofListener
        let desk: ProofDesk
        let store: CertificateStore
        let runner: AttemptRunner

        init(_ options: PebbleServer.Options = .init(), external: ExternalAccountSettings? = nil) async throws {
            pebble = try await PebbleServer(options)
            let folder = pebble.folder
            desk = ProofDesk(
                folder: ProofFolder(path: "\(folder)/challenges", process: getpid()),
                clock: Clock()
            )
            listener = try ProofListener(desk.table, tlsPort: pebble.tlsPort, httpPort: pebble.httpPort)
            store = CertificateStore(folder: "\(folder)/acme") { Issue.record("unreadable: \($0)") }
            let authority = AuthoritySettings(
                directory: pebble.directory,
                name: "pebble",
                trust: pebble.trustFile,
                externalAccount: external
            )
            runner = AttemptRunner(authority: authority, transport: pebble.client, store: store, presenter: desk)
        }

        deinit {
            listener.stop()
            pebble.stop()
        }

        /// Checks what is in use with OpenSSL's own program, as a client that trusts the authority's root.
        func verify(_ identifiers: [Identifier], _ report: AttemptRunner.Report) async throws {
            guard case .obtained(let record) = report.outcome else {
                Issue.record("\(report.outcome)\n\(report.notes)\n\(pebble.log.suffix(3000))")
                return
            }
            let place = StorePlace(runner.authority, identifiers)
            #expect(await store.certificate(in: place) == record)
            #expect(await store.order(in: place) == nil)
            #expect(await store.orderKey(in: place) == nil)
            #expect(desk.table.count == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(pebble.folder)/challenges").isEmpty)
            let current = "\(pebble.folder)/acme/\(place.folder)/current"
            _ = try TLSIdentity(certificateFile: "\(current)/fullchain.pem", keyFile: "\(current)/privkey.pem")
            try await Data(pebble.root()).write(to: URL(fileURLWithPath: "\(pebble.folder)/root.crt"))
            for identifier in identifiers {
                let process = Process()
                process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
                process.arguments = [
                    "verify", "-CAfile", "\(pebble.folder)/root.crt", "-untrusted", "\(current)/fullchain.pem",
                    "-purpose",
                    "sslserver", identifier.isAddress ? "-verify_ip" : "-verify_hostname",
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

    private struct Clock: KeeperClock {
        func now() -> Int64 { Int64(time(nil)) }
        func sleep(_ seconds: Int64) async { try? await Task.sleep(nanoseconds: UInt64(seconds) * 1_000_000_000) }
    }

    @Test(
        "for a name, an address, and both, by a handshake and by a request",
        arguments: [ProofKind.tls, .http],
        [[Self.name], [Self.address], [Self.name, .name("other.example.org"), Self.address]]
    )
    func kinds(kind: ProofKind, identifiers: [Identifier]) async throws {
        let scene = try await Scene()
        let report = try await scene.runner.run(identifiers, kinds: [kind])
        try await scene.verify(identifiers, report)
        #expect(report.notes.contains { if case .registered = $0 { true } else { false } })
        let shown = report.notes.filter { if case .shown = $0 { true } else { false } }
        #expect(shown.count == identifiers.count, "\(report.notes)")
    }
}
