import Testing

@testable import Gateway
@testable import GatewayConfiguration

@Suite("A walk to a file")
struct PathWalkTests {
    private func walk(_ path: String, _ change: (inout FakeFiles) -> Void) -> PathWalk {
        var files = FakeFiles()
        change(&files)
        return PathWalk(to: path, in: files.access)
    }

    private func obstacle(_ path: String, _ change: (inout FakeFiles) -> Void) -> String? {
        walk(path, change).obstacle?.description(for: "gateway")
    }

    @Test("succeeds through directories, dots and links")
    func success() {
        let walk = walk("/live/./x/../x//cert.pem") {
            $0.file("/archive/x/cert1.pem", mode: 0o644)
            $0.link("/archive/x/cert.pem", to: "cert1.pem")
            $0.link("/live/x", to: "/archive/x")
        }
        #expect(walk.obstacle == nil)
        #expect(walk.file?.path == "/archive/x/cert1.pem")
        #expect(walk.isOpenToOthers)
    }

    @Test("names the component in the way")
    func obstacles() {
        #expect(obstacle("/a/b/c") { $0.directory("/a") } == "/a/b does not exist")
        #expect(obstacle("/a/b/c") { $0.file("/a/b") } == "/a/b is not a directory")
        #expect(
            obstacle("/a/b/c") {
                $0.file("/a/b/c")
                $0.directory("/a", mode: 0o750, owner: "hysteria", group: "hysteria")
            } == "user 'gateway' may not enter /a (drwxr-x--- hysteria:hysteria)"
        )
        #expect(
            obstacle("/a/c") { $0.file("/a/c", mode: 0o200) }
                == "user 'gateway' may not read /a/c (--w------- gateway:gateway)"
        )
        #expect(
            obstacle("/l") {
                $0.link("/l", to: "/m")
                $0.link("/m", to: "l")
            } == "/l has symbolic links that lead in a circle"
        )
        #expect(obstacle("/l") { $0.link("/l", to: "gone/file") } == "/gone does not exist")
        #expect(obstacle("/") { _ in } == "/ is a directory, not a file")
        #expect(obstacle("/a/..") { $0.directory("/a") } == "/ is a directory, not a file")
    }

    @Test("tells whether others could make it too")
    func others() {
        #expect(!walk("/a/b") { $0.file("/a/b", mode: 0o640) }.isOpenToOthers)
        #expect(walk("/a/b") { $0.file("/a/b", mode: 0o604) }.isOpenToOthers)
        #expect(
            !walk("/a/b") {
                $0.directory("/a", mode: 0o700, owner: "gateway")
                $0.file("/a/b", mode: 0o644)
            }.isOpenToOthers
        )
    }

    @Test("through the real file system names what is missing")
    func system() throws {
        #expect(
            PathWalk(to: "/proc/self/status/x", in: .system).obstacle?.description(for: "u")
                .hasSuffix("/status is not a directory") == true
        )
        #expect(PathWalk(to: "/nowhere/at/all", in: .system).obstacle == .missing("/nowhere"))
        #expect(PathWalk(to: "/etc/passwd", in: .system).obstacle == nil)
        #expect(try FileAccess.system.read("/etc/passwd", 1 << 20).get().count > 10)
        #expect(FileAccess.system.read("/etc/passwd", 10) == .failure(.tooLarge(limit: 10)))
        #expect(FileAccess.system.read("/nowhere/at/all", 10) == .failure(.missing))
        #expect(FileAccess.system.read("/etc/passwd/x", 10) == .failure(.missing))
        #expect(FileAccess.system.read("/dev/zero", 1 << 20) == .failure(.notRegular("a device")))
        #expect(FileAccess.system.read("/etc", 10) == .failure(.notRegular("a directory")))
        #expect(PathWalk(to: "/dev/zero", in: .system).obstacle == .notRegular("/dev/zero"))
        #expect(try FileAccess.system.status("/").get().listing.hasPrefix("drwx"))
        #expect(try FileAccess.system.status("/").get().owner == "root")
    }
}
