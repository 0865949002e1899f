import Foundation
import Glibc
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Testing

@testable import Gateway

@Suite("The watchdog")
struct ServiceWatchdogTests {
    /// A service manager's socket, in a folder of its own.
    private final class Manager {
        let path: String
        private let folder: URL
        private let descriptor: CInt

        init() throws {
            folder = FileManager.default.temporaryDirectory.appendingPathComponent("sd-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            path = folder.appendingPathComponent("s").path
            descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
            let result = try SocketAddress(unixDomainSocketPath: path).withSockAddr { address, size in
                bind(descriptor, address, socklen_t(size))
            }
            try #require(result == 0)
        }

        deinit {
            close(descriptor)
            try? FileManager.default.removeItem(at: folder)
        }

        /// The messages so far.
        func take() -> [String] {
            var messages: [String] = []
            var bytes = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = recv(descriptor, &bytes, bytes.count, CInt(MSG_DONTWAIT))
                guard count >= 0 else { return messages }
                messages.append(String(decoding: bytes.prefix(count), as: UTF8.self))
            }
        }
    }

    @Test("says that every event loop turns, three times in the time that it is given")
    func alive() async throws {
        let manager = try Manager()
        let waits = NIOLockedValueBox<[Duration]>([])
        var watchdog = ServiceWatchdog(
            eventLoops: [MultiThreadedEventLoopGroup.singleton.next()],
            notifier: ServiceNotifier(path: manager.path, watchdog: .seconds(30)),
            logger: LogRecorder().logger
        )
        watchdog.wait = { duration in
            let count = waits.withLockedValue { waits in
                waits.append(duration)
                return waits.count
            }
            if count == 3 { throw CancellationError() }
        }
        await watchdog.run()
        #expect(manager.take() == Array(repeating: "WATCHDOG=1", count: 3))
        #expect(waits.withLockedValue { $0 } == Array(repeating: .seconds(10), count: 3))
    }

    @Test("says nothing while an event loop is stuck")
    func stuck() async throws {
        let manager = try Manager()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let end = DispatchSemaphore(value: 0)
        group.next().execute {
            start.finish()
            end.wait()
        }
        for await _ in started {}
        var watchdog = ServiceWatchdog(
            eventLoops: [group.next()],
            notifier: ServiceNotifier(path: manager.path, watchdog: .seconds(30)),
            logger: LogRecorder().logger
        )
        watchdog.wait = { _ in throw CancellationError() }
        let running = Task { [watchdog] in await watchdog.run() }
        #expect(manager.take().isEmpty)
        end.signal()
        await running.value
        #expect(manager.take() == ["WATCHDOG=1"])
        try await group.shutdownGracefully()
    }

    @Test("does nothing where nobody waits for it")
    func none() async {
        var watchdog = ServiceWatchdog(eventLoops: [], notifier: .none, logger: LogRecorder().logger)
        watchdog.wait = { _ in Issue.record("waits") }
        await watchdog.run()
    }
}
