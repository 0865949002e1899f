import Glibc
import Logging
import NIOOpenSSL
import ServiceLifecycle
import UnixSignals

/// Runs services until one of them ends or a signal stops the process.
package enum SignalledRun {
    /// The time limit of a graceful shutdown, in seconds.
    private static let stopLimit: UInt32 = 20

    /// Runs the services, the last first to stop. SIGTERM or SIGINT begins a graceful shutdown; a second signal ends
    /// the process at once, with 128 and its number as shells count it.
    ///
    /// - Parameters:
    ///   - hangUp: What SIGHUP does; without it, it ends the process at once as it always does.
    ///   - beforeExit: Called before the process ends at once: nothing after this call is done then.
    package static func run(
        _ services: [any Service],
        hangUp: (@Sendable () -> Void)? = nil,
        logger: Logger,
        beforeExit: @escaping @Sendable () -> Void = {}
    ) async throws {
        // A closed standard output is an error of that write and must not end the gateway (SIGPIPE).
        signal(SIGPIPE, SIG_IGN)
        let signals =
            if hangUp == nil {
                await UnixSignalsSequence(trapping: .sigterm, .sigint)
            } else {
                await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
            }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
                // Its `debug` messages are internal values; failures are thrown.
                logger: Logger(label: logger.label) { _ in SwiftLogNoOpLogHandler() }
            )
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            tasks.addTask {
                var isStopping = false
                for await signal in signals {
                    if signal == .sighup {
                        hangUp?()
                        continue
                    }
                    if isStopping {
                        logger.warning("stopping at once", metadata: ["signal": "\(signal)"])
                        beforeExit()
                        exit(128 + signal.rawValue)
                    }
                    isStopping = true
                    endInAnyCase(signal)
                    logger.info("stopping", metadata: ["signal": "\(signal)"])
                    await group.triggerGracefulShutdown()
                }
            }
            defer { tasks.cancelAll() }
            try await tasks.next()
        }
    }

    /// Ends the process some time after a signal, whatever it waits for by then: a file system that does not answer, or
    /// a reader of standard output that is stuck. A drain takes half of that time.
    private static func endInAnyCase(_ signal: UnixSignal) {
        DetachedThread.start {
            sleep(stopLimit)
            // Nothing here may block: no log line, no buffered write.
            _exit(128 + signal.rawValue)
        }
    }
}
