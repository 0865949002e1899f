import Foundation
import NIOCore
import NIOOpenSSL
import Testing

/// `openssl s_client`, as a person at a terminal would use it.
@Suite("openssl s_client")
struct CommandLineClientTests {
    @Test("verifies the server and gets its bytes back", arguments: ["-tls1_2", "-tls1_3"])
    func verifiesTheServerAndGetsItsBytesBack(version: String) async throws {
        try await withAuthority { authority in
            let server = try await EchoServer.start(Fixtures.server(), halfClosure: true)
            let output = try await run(
                ["-connect", "127.0.0.1:\(server.port)", "-servername", "localhost", version, "-quiet"]
                    + ["-CAfile", authority, "-verify_return_error", "-verify_hostname", "www.example.org"],
                input: "a line of text\n"
            )
            #expect(output.contains("a line of text"))
            try await server.stop()
        }
    }

    @Test("sees the alert for an old version")
    func seesTheAlertForAnOldVersion() async throws {
        let server = try await EchoServer.start(Fixtures.server())
        let output = try await run(
            ["-connect", "127.0.0.1:\(server.port)", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"],
            input: ""
        )
        #expect(output.contains("alert protocol version"))
        try await server.stop()
    }

    private func run(_ arguments: [String], input: String) async throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl", "s_client"] + arguments
        let inputPipe = Pipe()
        let outputPipe = Pipe()
        process.standardInput = inputPipe
        process.standardOutput = outputPipe
        process.standardError = outputPipe
        try process.run()
        // Or the end of the output would never be seen.
        try outputPipe.fileHandleForWriting.close()
        try inputPipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        return try await withCheckedThrowingContinuation { continuation in
            // Reading blocks, so it gets a thread of its own. With -quiet the client ends when the server does.
            Thread.detachNewThread {
                var output = ""
                while !output.contains(input) || input.isEmpty {
                    let part = outputPipe.fileHandleForReading.availableData
                    if part.isEmpty {
                        break
                    }
                    output += String(decoding: part, as: UTF8.self)
                }
                // A signal that can be blocked might be, as children inherit the mask of the thread that made them.
                kill(process.processIdentifier, SIGKILL)
                continuation.resume(returning: output)
            }
        }
    }

    private func withAuthority(_ body: (String) async throws -> Void) async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try Data(Fixtures.identity.get().certificateChainPEM).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        try await body(file.path)
    }
}
