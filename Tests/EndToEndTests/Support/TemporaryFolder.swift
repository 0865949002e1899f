import Foundation

/// A folder that only this user can enter, removed with all that is in it when the last one lets go of it.
final class TemporaryFolder: Sendable {
    /// Where it lies.
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/hysteria-gateway-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of a file in it.
    func path(of name: String) -> String { path + "/" + name }

    /// Writes a file, with the folders on the way to it, that only this user can read.
    @discardableResult
    func write(_ content: some Sequence<UInt8>, to name: String, mode: Int = 0o600) throws -> String {
        let file = path(of: name)
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: mode]
        guard FileManager.default.createFile(atPath: file, contents: Data(content), attributes: attributes) else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: file])
        }
        return file
    }

    /// Writes a text file that only this user can read.
    @discardableResult
    func write(_ text: String, to name: String, mode: Int = 0o600) throws -> String {
        try write(text.utf8, to: name, mode: mode)
    }
}
