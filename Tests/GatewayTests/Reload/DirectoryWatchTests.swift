import Foundation
import NIOPosix
import Testing

@testable import Gateway

@Suite("The kernel tells of changed files")
struct DirectoryWatchTests {
    @Test("of those that are watched, by whatever way they change, and of no others")
    func changes() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("watch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (changes, change) = AsyncStream.makeStream(of: Void.self)
        let watch = try await DirectoryWatch(on: MultiThreadedEventLoopGroup.singleton.next()) { change.yield() }
        let file = folder.appendingPathComponent("watched")
        watch.watch(WatchedNames(of: [file.path], in: .system))
        var iterator = changes.makeAsyncIterator()
        try ReloadScene.write([1], folder, "watched")
        #expect(await iterator.next() != nil)
        let other = folder.appendingPathComponent("other")
        try ReloadScene.write([2], folder, "other")
        try FileManager.default.removeItem(at: file)
        #expect(await iterator.next() != nil)
        try FileManager.default.moveItem(at: other, to: file)
        #expect(await iterator.next() != nil)
        await watch.close()
        watch.watch(WatchedNames(of: [file.path], in: .system))
    }
}
