import Foundation
import Testing

/// Gateways that share nothing but a file of ticket keys.
@Suite(.startsPrograms)
struct SharedTicketTests {
    private static let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

    @Test("a ticket of one process is good for another", arguments: ["-tls1_2", "-tls1_3"])
    func aTicketOfOneProcessIsGoodForAnother(version: String) async throws {
        let folder = try TemporaryFolder()
        let keys = try folder.write(String(repeating: "5a", count: 80) + "\n", to: "tickets")
        let setting = Scene.Setting(further: "tls: {ticketKeyFile: \(keys)}")
        let session = folder.path(of: "session")
        try await Scene.play(setting) { first in
            let full = try await connect(first, version, "-sess_out", session)
            #expect(full.outputText.contains("New, TLSv1"))
            try await Scene.play(setting) { second in
                let resumed = try await connect(second, version, "-sess_in", session)
                #expect(resumed.outputText.contains("Reused, TLSv1"))
            }
        }
    }

    @Test("a gateway with keys of its own does a full handshake")
    func aGatewayWithKeysOfItsOwnDoesAFullHandshake() async throws {
        let session = try TemporaryFolder()
        try await Scene.play { first in
            let file = session.path(of: "session")
            _ = try await connect(first, "-tls1_3", "-sess_out", file)
            try await Scene.play { second in
                let again = try await connect(second, "-tls1_3", "-sess_in", file)
                #expect(again.outputText.contains("New, TLSv1.3"))
                #expect(again.outputText.contains("200 OK"))
            }
        }
    }

    private func connect(
        _ scene: Scene,
        _ version: String,
        _ option: String,
        _ session: String
    ) async throws -> ChildProcess.State {
        try await OpenSSLClient.run(
            port: scene.gateway.port,
            request: Self.request,
            trusting: scene.curl.certificate,
            version,
            option,
            session
        )
    }
}
