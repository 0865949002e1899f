import Logging
import NIOOpenSSL

/// Rotates the keys of session tickets while the gateway serves: wipes old ones in time, and reads a shared file again.
struct TicketKeyRefresh: Sendable {
    private static let interval = Duration.seconds(60)

    let keys: TLSTicketKeys?
    let logger: Logger

    /// Runs `body` and looks after the keys until it ends.
    func run(_ body: @Sendable @escaping () async throws -> Void) async throws {
        guard let keys else { return try await body() }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await refresh(keys) }
            defer { tasks.cancelAll() }
            try await body()
        }
    }

    private func refresh(_ keys: TLSTicketKeys) async {
        var lastWords = ""
        while (try? await Task.sleep(for: Self.interval)) != nil {
            do throws(TLSError) {
                if try keys.refresh() { logger.info("reloaded", metadata: ["changed": "tls.ticketKeyFile"]) }
                if !lastWords.isEmpty { logger.notice("the file of ticket keys can be read again") }
                lastWords = ""
            } catch {
                // Once is enough: every caller is still served, with more full handshakes.
                let words = "\(error)"
                if words != lastWords {
                    logger.error("ticket keys not reloaded; the old ones stay in use", metadata: ["reason": "\(words)"])
                }
                lastWords = words
            }
        }
    }
}
