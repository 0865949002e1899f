import Logging
import NIOConcurrencyHelpers
import NIOOpenSSL

/// Keeps the keys of session tickets fresh while the gateway serves, every minute and with each reload: wipes old ones in time,
/// and reads a shared file again.
final class TicketKeyRefresh: Sendable {
    private static let interval = Duration.seconds(60)

    private let keys: TLSTicketKeys?
    private let logger: Logger
    private let wait: @Sendable (Duration) async throws -> Void
    /// Why the keys could not be refreshed the last time; empty if they could.
    private let lastReason = NIOLockedValueBox("")

    /// - Parameters:
    ///   - keys: The keys; nil where there are no session tickets.
    ///   - wait: Waits for so long, and throws when the task is cancelled.
    init(
        keys: TLSTicketKeys?,
        logger: Logger,
        wait: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.keys = keys
        self.logger = logger
        self.wait = wait
    }

    /// Runs `body` and looks after the keys until it ends.
    func run(_ body: @Sendable @escaping () async throws -> Void) async throws {
        guard keys != nil else { return try await body() }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { [self] in
                while (try? await wait(Self.interval)) != nil {
                    if refresh() { logger.info("reloaded", metadata: ["changed": "tls.ticketKeyFile"]) }
                }
            }
            defer { tasks.cancelAll() }
            try await body()
        }
    }

    /// Takes the keys from their file, or wipes those whose time is over.
    ///
    /// - Returns: whether the keys of the file are others than before. Keys that cannot be read stay what they were, which is
    ///   logged once: nobody is turned away, it only takes more handshakes.
    func refresh() -> Bool {
        guard let keys else { return false }
        do throws(TLSError) {
            let isChanged = try keys.refresh()
            if !replaceLastReason("").isEmpty { logger.notice("the file of ticket keys can be read again") }
            return isChanged
        } catch {
            let reason = "\(error)"
            if replaceLastReason(reason) != reason {
                logger.error("ticket keys not reloaded; the old ones stay in use", metadata: ["reason": "\(reason)"])
            }
            return false
        }
    }

    private func replaceLastReason(_ reason: String) -> String {
        lastReason.withLockedValue { last in
            defer { last = reason }
            return last
        }
    }
}
