import Foundation
import NIOOpenSSL
import Testing

@testable import Gateway
@testable import GatewayConfiguration

@Suite("An identity is written")
struct IdentityWriterTests {
    /// Runs a body with a directory of its own, which is removed afterwards.
    private func withDirectory(_ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private func permissions(_ path: String) throws -> UInt16 {
        try FileAccess.system.status(path).get().permissions
    }

    private func failure(_ writer: IdentityWriter, _ identity: TLSIdentity) throws -> String? {
        let (chain, key) = (try identity.certificateChainPEM, try identity.privateKeyPEM)
        do {
            _ = try writer.write(certificateChainPEM: chain, privateKeyPEM: key)
            return nil
        } catch {
            return error.description
        }
    }

    @Test("so that the gateway can read it, and nobody else the key")
    func written() throws {
        try withDirectory { directory in
            let identity = try TLSIdentity.throwaway(names: ["localhost"])
            let writer = IdentityWriter(directory: directory + "/new", overwrites: false)
            let files = try writer.write(
                certificateChainPEM: try identity.certificateChainPEM,
                privateKeyPEM: try identity.privateKeyPEM
            )
            #expect(files.certificate == directory + "/new/fullchain.pem")
            #expect(files.key == directory + "/new/privkey.pem")
            #expect(try permissions(files.key) == 0o600)
            #expect(try permissions(files.certificate) == 0o644)
            let read = try TLSIdentity(certificateFile: files.certificate, keyFile: files.key)
            #expect(read.leaf == identity.leaf)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory + "/new").count == 2)
        }
    }

    @Test("over nothing that is there, unless it is forced, and then with the right permissions")
    func overwriting() throws {
        try withDirectory { directory in
            let path = directory + "/fullchain.pem"
            try Data("old".utf8).write(to: URL(fileURLWithPath: path))
            let identity = try TLSIdentity.throwaway(names: ["localhost"])

            let careful = IdentityWriter(directory: directory, overwrites: false)
            #expect(try failure(careful, identity) == "\(path) is there already; --force replaces it")
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["fullchain.pem"])
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")

            try Data("old".utf8).write(to: URL(fileURLWithPath: directory + "/privkey.pem"))
            let forced = IdentityWriter(directory: directory, overwrites: true)
            #expect(try failure(forced, identity) == nil)
            #expect(try permissions(directory + "/privkey.pem") == 0o600)
            #expect(try Array(Data(contentsOf: URL(fileURLWithPath: path))) == identity.certificateChainPEM)
        }
    }

    @Test("or the reason is told")
    func impossible() throws {
        try withDirectory { directory in
            let identity = try TLSIdentity.throwaway(names: ["localhost"])
            let nowhere = IdentityWriter(directory: directory + "/a/b", overwrites: false)
            #expect(try failure(nowhere, identity) == "\(directory)/a/b cannot be written: No such file or directory")
            try Data().write(to: URL(fileURLWithPath: directory + "/file"))
            let file = IdentityWriter(directory: directory + "/file", overwrites: false)
            #expect(try failure(file, identity) == "\(directory)/file/privkey.pem cannot be written: Not a directory")
        }
    }
}
