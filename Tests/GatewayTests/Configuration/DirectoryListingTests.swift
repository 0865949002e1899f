import Foundation
import Testing

@testable import Gateway
@testable import GatewayConfiguration

@Suite("A directory's names")
struct DirectoryListingTests {
    @Test("are all there, long ones whole, without those of the directory itself and the one above")
    func names() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let names: Set = ["a", ".hidden", "用户", String(repeating: "x", count: 255)]
        for name in names { try Data().write(to: folder.appendingPathComponent(name)) }
        let found = DirectoryListing.names(in: folder.path)
        #expect(Set(found) == names && found.count == names.count)
    }

    @Test("are none where it cannot be read")
    func missing() {
        #expect(DirectoryListing.names(in: "/nonexistent").isEmpty)
    }
}
