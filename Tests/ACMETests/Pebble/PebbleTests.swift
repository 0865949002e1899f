import Foundation
import Glibc
import Testing

@testable import ACME

/// Client, machines, store, proofs and keeper together, against an authority that shares no code with them.
@Suite("Certificates from pebble", .serialized, .enabled(if: PebbleServer.isInstalled))
struct PebbleTests {
    private static let name = Identifier.name("my.example.org")
    private static let address = Identifier.address("127.0.0.1")

    @Test(
        "for a name, an address, and both, by a handshake and by a request",
        arguments: [ProofKind.tls, .http],
        [[Self.name], [Self.address], [Self.name, .name("other.example.org"), Self.address]]
    )
    func kinds(kind: ProofKind, identifiers: [Identifier]) async throws {
        let scene = try await PebbleScene()
        let report = try await scene.keep(identifiers, by: [kind])
        try await scene.verify(identifiers, report)
        #expect(report.shown.map(\.kind) == identifiers.map { _ in kind })
        #expect(report.orders == 1)
    }

    @Test("for a wildcard, by a command that sets records")
    func records() async throws {
        let scene = try await PebbleScene()
        let script = "\(scene.pebble.folder)/record"
        try """
        #!/bin/sh
        case $1 in
        present) curl -sf -d "{\\"host\\":\\"$2\\",\\"value\\":\\"$3\\"}" \(scene.pebble.recordsURL)/set-txt ;;
        cleanup) curl -sf -d "{\\"host\\":\\"$2\\"}" \(scene.pebble.recordsURL)/clear-txt ;;
        esac
        """.write(toFile: script, atomically: false, encoding: .utf8)
        chmod(script, 0o700)
        scene.desk.apply(
            folder: ProofFolder(path: "\(scene.pebble.folder)/challenges", process: 1),
            dns: DNSSettings(command: script, wait: 0),
            host: nil
        )
        let identifiers = [Identifier.name("*.example.org")]
        let report = try await scene.keep(identifiers, by: [.tls, .http, .dns])
        try await scene.verify(identifiers, report)
        #expect(report.shown.map(\.kind) == [.dns])
    }

    @Test("with an account that the operator has there, and not without it")
    func externalAccount() async throws {
        var options = PebbleServer.Options()
        let key = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W"
        options.externalAccounts = ["kid-1": key]
        let bytes = try #require(Base64URL.decodeKey(key))
        let scene = try await PebbleScene(options, external: ExternalAccountSettings(id: "kid-1", key: bytes))
        try await scene.verify([Self.name], try await scene.keep([Self.name]))
        let wrong = try await PebbleScene(options, external: ExternalAccountSettings(id: "kid-1", key: [1, 2, 3]))
        let refused = try await wrong.keep([Self.name])
        #expect(refused.obtained == nil)
        #expect(refused.problem != nil, "\(refused.events)")
        let none = try await PebbleScene(options)
        let missing = try await none.keep([Self.name])
        #expect(missing.problem?.consequence == .dormant, "\(missing.events)")
    }

    @Test("again and again, though a fifth of the nonces is refused")
    func nonces() async throws {
        var options = PebbleServer.Options()
        options.nonceReject = 20
        options.authorizationReuse = 0
        let scene = try await PebbleScene(options)
        var refused = 0
        var serials: Set<String> = []
        for _ in 0..<5 {
            let report = try await scene.keep([Self.name], force: true)
            try await scene.verify([Self.name], report)
            refused += report.count(status: 400)
            if let record = report.obtained { serials.insert(record.certificate.serial) }
        }
        #expect(refused > 0)
        #expect(serials.count == 5)
    }

    @Test("with a proof each time, or with none where the authority remembers", arguments: [0, 100])
    func reuse(percent: Int) async throws {
        var options = PebbleServer.Options()
        options.authorizationReuse = percent
        options.isStrict = true
        let scene = try await PebbleScene(options)
        try await scene.verify([Self.name], try await scene.keep([Self.name]))
        let second = try await scene.keep([Self.name], force: true)
        try await scene.verify([Self.name], second)
        #expect(second.shown.count == (percent == 0 ? 1 : 0))
        #expect(!second.notes.contains { if case .registered = $0 { true } else { false } })
    }

    @Test("from one that takes its time to look")
    func slowValidation() async throws {
        var options = PebbleServer.Options()
        options.sleep = 6
        let scene = try await PebbleScene(options)
        try await scene.verify([Self.address], try await scene.keep([Self.address]))
    }

    @Test("from one that has forgotten the account")
    func forgottenAccount() async throws {
        let scene = try await PebbleScene()
        try await scene.verify([Self.name], try await scene.keep([Self.name]))
        scene.pebble.stop()
        try await scene.pebble.start()
        let report = try await scene.keep([Self.name], force: true)
        try await scene.verify([Self.name], report)
        #expect(report.notes.contains { if case .registered(_, true) = $0 { true } else { false } }, "\(report.notes)")
    }

    @Test("not where nobody shows the proof: each failure is the authority's, and the other kind is next")
    func failedProof() async throws {
        let scene = try await PebbleScene()
        // A name whose server is another one: nothing listens there.
        try scene.pebble.setRecord("add-a", #"{"host":"elsewhere.example.org","addresses":["127.0.0.2"]}"#)
        let name = Identifier.name("elsewhere.example.org")
        let first = try await scene.keep([name])
        #expect(first.problem?.consequence == .validation, "\(first.events)")
        #expect(first.problem?.words.contains("nobody asked for the proof") == true, "\(first.events)")
        #expect(first.shown.map(\.kind) == [.tls])
    }
}
