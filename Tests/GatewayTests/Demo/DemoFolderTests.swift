import Testing

@testable import Gateway
@testable import GatewayConfiguration

@Suite("A demo's folder")
struct DemoFolderTests {
    @Test("has the certificate, lets nobody else in, and leaves nothing behind")
    func folder() throws {
        let folder = try DemoFolder(certificate: Array("pem".utf8))
        let directory = FilePath.directory(of: folder.certificate)
        #expect(try FileAccess.system.read(folder.certificate, 16).get() == Array("pem".utf8))
        #expect(try FileAccess.system.status(directory).get().permissions == 0o700)
        folder.remove()
        #expect(FileAccess.system.status(directory) == .failure(.missing))
    }
}
