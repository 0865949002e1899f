import Dispatch
import Foundation
import Glibc
import NIOCore
import Testing

@testable import Gateway

@Suite("One gateway takes the place of another")
final class HandoverTests {
    private let folder: URL
    private let log = LogRecorder()

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("ho-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private var path: String { folder.appendingPathComponent("h").path }

    /// Runs what waits in a system call on a thread that may wait.
    private static func waiting<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result(catching: body)) }
        }
    }

    /// A TCP socket that listens, and its port.
    private func listeningSocket() throws -> (descriptor: CInt, address: SocketAddress) {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        let result = try SocketAddress(ipAddress: "127.0.0.1", port: 0).withSockAddr { address, size in
            bind(descriptor, address, socklen_t(size))
        }
        try #require(result == 0 && listen(descriptor, 8) == 0)
        return (descriptor, try InheritedSocket(descriptor).address)
    }

    // MARK: Sockets

    @Test("a message arrives as a whole, with descriptors of what was sent")
    func messages() throws {
        let server = try UnixSocket.listen(at: path)
        let client = try UnixSocket.connect(to: path)
        let peer = try #require(server.accept())
        #expect(peer.peerUser == geteuid())
        var pipe: [CInt] = [0, 0]
        try #require(Glibc.pipe(&pipe) == 0)
        try client.send("one", with: [pipe[1]])
        try client.send("two")
        close(pipe[1])
        let (text, descriptors) = try peer.receive()
        #expect(text == "one")
        #expect(descriptors.count == 1)
        #expect(try peer.receive().text == "two")
        let sent: [UInt8] = [42]
        #expect(write(try #require(descriptors.first), sent, 1) == 1)
        var received: UInt8 = 0
        #expect(read(pipe[0], &received, 1) == 1)
        #expect(received == 42)
        close(pipe[0])
        for descriptor in descriptors {
            #expect(fcntl(descriptor, F_GETFD) == FD_CLOEXEC)
            close(descriptor)
        }
        client.shutDown()
        #expect(try peer.receive().text.isEmpty)
    }

    @Test("a socket is its user's alone, and one that was shut down accepts nobody")
    func modes() throws {
        let server = try UnixSocket.listen(at: path)
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        #expect(throws: IOError.self) { try UnixSocket.listen(at: path) }
        server.shutDown()
        #expect(server.accept() == nil)
    }

    // MARK: Offers and claims

    @Test("the sockets change hands, and the old gateway goes on until the new one is ready")
    func handover() async throws {
        let (descriptor, address) = try listeningSocket()
        let offer = try HandoverOffer(path: path, logger: log.logger)
        #expect(try !HandoverClaim.isOffered(at: path))
        try offer.publish([("here", descriptor)])
        let path = path
        let claim = try #require(try await Self.waiting { try HandoverClaim.find(at: path) })
        #expect(claim.sockets.rest.map(\.address) == [address])
        async let completed: Void = Self.waiting { claim.complete(["here"]) }
        for await acceptance in offer.acceptances {
            #expect(acceptance.addresses == ["here"])
            acceptance.confirm()
        }
        try await completed
        #expect(offer.close(isTaken: true))
        // The socket is the successor's now.
        var sockets = claim.sockets
        #expect(fcntl(try #require(sockets.rest.first).descriptor, F_GETFD) >= 0)
        sockets.closeRest()
        #expect(log.lines.isEmpty)
    }

    @Test("a new gateway that goes away changes nothing, and the next one is served")
    func comeAndGone() async throws {
        let (descriptor, _) = try listeningSocket()
        let offer = try HandoverOffer(path: path, logger: log.logger)
        try offer.publish([("here", descriptor)])
        let path = path
        try await Self.waiting {
            var first = try HandoverClaim.find(at: path)?.sockets
            first?.closeRest()
        }
        let claim = try #require(try await Self.waiting { try HandoverClaim.find(at: path) })
        #expect(claim.sockets.rest.count == 1)
        var sockets = claim.sockets
        sockets.closeRest()
        offer.close()
        for await _ in offer.acceptances { Issue.record("was taken") }
    }

    @Test("there is nobody behind a path that nobody listens at, or that a killed gateway left")
    func nobody() throws {
        #expect(try HandoverClaim.find(at: path) == nil)
        var server: UnixSocket? = try UnixSocket.listen(at: path)
        #expect(server != nil)
        server = nil
        #expect(try HandoverClaim.find(at: path) == nil)
        #expect(try !HandoverClaim.isOffered(at: path))
    }

    @Test("whatever else listens there is not taken for a gateway")
    func stranger() async throws {
        let server = try UnixSocket.listen(at: path)
        let path = path
        async let found = Self.waiting { () -> String in
            do { return try HandoverClaim.find(at: path) == nil ? "nobody" : "a gateway" } catch { return "\(error)" }
        }
        try await Self.waiting { try server.accept()?.send("hello") }
        #expect(try await found.contains("what listens there does not offer them: hello"))
    }

    // MARK: ListenerInheritance

    @Test("a gateway that is not to take over says so where one runs, and what a service manager keeps is not offered")
    func inheritance() throws {
        #expect(try ListenerInheritance(handoverPath: path).claim(logger: log.logger) == nil)
        #expect(try ListenerInheritance(handoverPath: path, takesOver: true).claim(logger: log.logger) == nil)
        #expect(log.take().map { $0.hasPrefix("notice: no gateway is running that could be replaced") } == [true])
        let server = try UnixSocket.listen(at: path)
        #expect {
            try ListenerInheritance(handoverPath: path).claim(logger: log.logger)
        } throws: { error in
            "\(error)".contains("with --take-over this one takes its place")
        }
        server.shutDown()
        let (descriptor, _) = try listeningSocket()
        var kept = InheritedSockets([try InheritedSocket(descriptor)], areKept: true)
        #expect {
            try ListenerInheritance(sockets: kept, handoverPath: path).claim(logger: log.logger)
        } throws: { error in
            "\(error)".contains("leave it out")
        }
        kept.closeRest()
    }
}
