import Foundation

/// Unpacks by the program of this name, which shares no code with zlib.
func gunzip(_ packed: [UInt8]) throws -> [UInt8] {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (file, result) = (folder.appending(path: "content.gz"), folder.appending(path: "content"))
    try Data(packed).write(to: file)
    let program = Process()
    program.executableURL = URL(filePath: "/bin/gzip")
    program.arguments = ["--decompress", file.path]
    try program.run()
    program.waitUntilExit()
    guard program.terminationStatus == 0 else { throw CocoaError(.fileReadCorruptFile) }
    return [UInt8](try Data(contentsOf: result))
}
