import Foundation
import NIOCore
import Testing

@Suite("The documentation")
struct DocumentationTests {
    @Test("its server serves")
    func itsServerServes() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let identity = try Fixtures.identity.get()
        let (certificate, key) = (folder.appendingPathComponent("chain.pem"), folder.appendingPathComponent("key.pem"))
        try Data(identity.certificateChainPEM).write(to: certificate)
        try Data(identity.privateKeyPEM).write(to: key)

        let server = try await DocumentedServer.start(certificateFile: certificate.path, keyFile: key.path)
        let port = try #require(server.localAddress?.port)
        let client = try await BoringClient.connect(to: port, Fixtures.boringClient())
        #expect(try await client.echo(ByteBuffer(string: "hello")) == ByteBuffer(string: "hello"))
        try await client.close()
        try await server.close()
    }

    @Test("its server is the one that is tested")
    func itsServerIsTheOneThatIsTested() throws {
        let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let source = try String(contentsOf: here.appendingPathComponent("DocumentedServer.swift"), encoding: .utf8)
        let root = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("docs/nio-openssl.md"), encoding: .utf8)
        let listing = try #require(
            page.split(separator: "```swift\n").dropFirst().first?.split(separator: "\n```").first
        )
        let lines = listing.split(separator: "\n").map { "        " + $0 }
        #expect(lines.count > 8)
        #expect(source.contains(lines.joined(separator: "\n")))
    }
}
