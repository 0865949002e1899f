import Logging
import NIOCore

/// Notifies the service manager's watchdog while every event loop is responsive, so that it can restart a gateway that
/// is stuck.
struct ServiceWatchdog: Sendable {
    let eventLoops: [any EventLoop]
    let notifier: ServiceNotifier
    let logger: Logger
    /// Waits for so long, and throws when the task is cancelled.
    var wait: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    /// Works until the task is cancelled.
    func run() async {
        guard let limit = notifier.watchdog else { return }
        repeat {
            for eventLoop in eventLoops { try? await eventLoop.submit {}.get() }
            notifier.tell(.alive, logger: logger)
        } while (try? await wait(limit / 3)) != nil
    }
}
