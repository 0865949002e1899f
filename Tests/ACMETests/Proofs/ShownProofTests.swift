import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import ACME
@testable import AuthoritySimulator

/// Proofs on real sockets: what an authority sees of them, and what `openssl s_client` shows.
@Suite("Proofs as an authority sees them")
struct ShownProofTests {
    /// What an authority finds wrong with a proof.
    private func judge(_ proof: Proof, _ listeners: ProofListeners, at host: String) async throws -> SimulatedProblem? {
        var configuration = AuthoritySimulator.Configuration(
            httpPort: listeners.http.localAddress?.port ?? 0,
            tlsPort: listeners.tls.localAddress?.port ?? 0
        )
        configuration.resolve = { _ in host }
        let request = ProofRequest(
            kind: proof.kind.rawValue,
            identifier: proof.identifier.value,
            token: proof.token,
            keyAuthorization: proof.keyAuthorization
        )
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let settled = configuration
        return try await eventLoop.flatSubmit {
            proof.kind == .tls
                ? TLSValidation(request, settled, on: eventLoop).run(at: host)
                : HTTPValidation(request, settled, on: eventLoop).run(at: host)
        }.get()
    }

    @Test(
        "names and addresses are proved by handshakes and by requests, and not any more when they are taken back",
        arguments: ["new.example", "127.0.0.1", "::1"],
        [ProofKind.tls, .http]
    )
    func proved(name: String, kind: ProofKind) async throws {
        let table = ProofTable()
        let host = name == "::1" ? "::1" : "127.0.0.1"
        let listeners = try await ProofListeners(table, host: host)
        let proof = try ProofTableTests.proof(name, kind)
        try table.set([proof], of: .own)
        #expect(try await judge(proof, listeners, at: host) == nil)
        #expect(table.timesAsked(for: proof) == 1)

        let other = Proof(
            identifier: proof.identifier,
            kind: kind,
            token: proof.token,
            keyAuthorization: "token.another"
        )
        #expect(try await judge(other, listeners, at: host)?.type == "unauthorized")
        try table.set([], of: .own)
        #expect(try await judge(proof, listeners, at: host) != nil)
        try await listeners.close()
    }

    @Test(
        "openssl s_client sees the certificate, and only by acme-tls/1 for the name",
        arguments: ["-tls1_2", "-tls1_3"]
    )
    func commandLine(version: String) async throws {
        let table = ProofTable()
        let listeners = try await ProofListeners(table, host: "127.0.0.1")
        let proof = try ProofTableTests.proof("new.example", .tls)
        try table.set([proof], of: .own)
        let port = listeners.tls.localAddress?.port ?? 0
        func client(_ name: String, _ protocols: String) async throws -> String {
            try await Self.openssl([
                "s_client", "-connect", "127.0.0.1:\(port)", "-servername", name, "-alpn", protocols, version,
            ])
        }
        let shown = try await client("new.example", "acme-tls/1")
        #expect(shown.contains("ALPN protocol: acme-tls/1"))
        let pem = try #require(
            shown.range(of: #"-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----"#, options: .regularExpression)
        )
        let dumps = try await Self.openssl(["asn1parse"], input: shown[pem] + "\n")
            .split(separator: "\n").compactMap { $0.split(separator: "[HEX DUMP]:").dropFirst().first }
        let digest = KeyAuthorization.digest(of: proof.keyAuthorization).map { String(format: "%02X", $0) }.joined()
        #expect(dumps.contains { $0 == "0420\(digest)" })
        #expect(dumps.contains { $0 == "300D820B6E65772E6578616D706C65" })

        #expect(try await client("new.example", "http/1.1").contains("subject=CN = other.example"))
        #expect(try await client("new.example", "acme-tls/1,http/1.1").contains("subject=CN = other.example"))
        #expect(try await !client("another.example", "acme-tls/1").contains("BEGIN CERTIFICATE"))
        try await listeners.close()
    }

    /// What openssl writes, standard error left out.
    private static func openssl(_ arguments: [String], input: String = "") async throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        let (standardInput, standardOutput) = (Pipe(), Pipe())
        process.standardInput = standardInput
        process.standardOutput = standardOutput
        process.standardError = FileHandle.nullDevice
        try process.run()
        try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try standardInput.fileHandleForWriting.close()
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let output = standardOutput.fileHandleForReading.readDataToEndOfFile()
                process.waitUntilExit()
                continuation.resume(returning: String(decoding: output, as: UTF8.self))
            }
        }
    }
}
