import Logging
import NIOCore

/// Notifies the service manager's watchdog while every event loop is responsive, so that it can restart a gateway that
/// is stuck.
struct ServiceWatchdog: Sendable {
    let eventLoops: [any EventLoop]
    let notifier: ServiceNotifier
    let logger: Logger

    /// Works until the task is cancelled.
    func run() async {
        guard let limit = notifier.watchdog else { return }
        repeat {
            for eventLoop in eventLoops { try? await eventLoop.submit {}.get() }
            notifier.tell(.alive, logger: logger)
        } while (try? await Task.sleep(for: limit / 3)) != nil
    }
}
