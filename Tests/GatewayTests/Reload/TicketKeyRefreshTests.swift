import Foundation
import Logging
import NIOConcurrencyHelpers
import NIOOpenSSL
import Testing

@testable import Gateway

@Suite("Ticket keys are kept fresh")
struct TicketKeyRefreshTests {
    private let log = LogRecorder()

    /// A key as a file has it.
    private static func key(_ digit: Character) -> String { String(repeating: digit, count: 160) + "\n" }

    /// Calls `body` with the path of a file of one key, and with what writes another key to it.
    private func withKeyFile(_ body: (_ path: String, _ write: (String) throws -> Void) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("keys-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func write(_ text: String) throws { try ReloadScene.write(Array(text.utf8), folder, "keys") }
        try write(Self.key("1"))
        try body(folder.appendingPathComponent("keys").path, write)
    }

    @Test("from their file, whose change is told once, as is what is wrong with it and that it is right again")
    func file() throws {
        try withKeyFile { path, write in
            let refresh = TicketKeyRefresh(keys: try TLSTicketKeys(file: path), logger: log.logger)
            #expect(!refresh.refresh())
            try write(Self.key("2"))
            #expect(refresh.refresh())
            #expect(!refresh.refresh())
            #expect(log.take().isEmpty)
            try write("123")
            #expect(!refresh.refresh())
            #expect(!refresh.refresh())
            let lines = log.take()
            #expect(lines.count == 1)
            #expect(lines.first?.hasPrefix("error: ticket keys not reloaded; the old ones stay in use") == true)
            try write(Self.key("2"))
            #expect(!refresh.refresh())
            #expect(!refresh.refresh())
            #expect(log.take() == ["notice: the file of ticket keys can be read again"])
        }
    }

    @Test("every minute, for as long as the gateway serves")
    func interval() async throws {
        let waits = NIOLockedValueBox<[Duration]>([])
        let (ticks, tick) = AsyncStream.makeStream(of: Void.self)
        let refresh = TicketKeyRefresh(keys: try TLSTicketKeys(), logger: log.logger) { duration in
            let count = waits.withLockedValue { waits in
                waits.append(duration)
                return waits.count
            }
            guard count <= 2 else {
                tick.finish()
                throw CancellationError()
            }
        }
        try await refresh.run { for await _ in ticks {} }
        #expect(waits.withLockedValue { $0 } == Array(repeating: .seconds(60), count: 3))
    }

    @Test("without keys there is nothing to wait for")
    func none() async throws {
        let refresh = TicketKeyRefresh(keys: nil, logger: log.logger) { _ in Issue.record("waits") }
        try await refresh.run {}
        #expect(!refresh.refresh())
    }
}
