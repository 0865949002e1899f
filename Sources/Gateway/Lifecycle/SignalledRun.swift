import Glibc
import Logging
import NIOOpenSSL
import ServiceLifecycle
import UnixSignals

/// Runs services until one of them ends or the process is told to stop.
public enum SignalledRun {
    /// The seconds in which an orderly shutdown has to come to its end.
    private static let stopLimit: UInt32 = 20

    /// Runs the services, the last first to stop. SIGTERM or SIGINT begins an orderly shutdown; a second signal ends the
    /// process at once, with 128 and its number as shells count it.
    ///
    /// - Parameters:
    ///   - hangUp: What SIGHUP does; without it, it ends the process at once as it always does.
    ///   - beforeExit: Called before the process ends at once: nothing behind this call is done then.
    public static func run(
        _ services: [any Service],
        hangUp: (@Sendable () -> Void)? = nil,
        logger: Logger,
        beforeExit: @escaping @Sendable () -> Void = {}
    ) async throws {
        // A reader of standard output that has gone away is an error of that write, not the end of the gateway.
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
                // What it says at `debug` are its own values; what fails is thrown.
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

    /// Ends the process some time after a signal, whatever it waits for by then: a file system that does not answer, or somebody
    /// who does not read what is written to standard output. A drain takes half of that time.
    private static func endInAnyCase(_ signal: UnixSignal) {
        DetachedThread.start {
            sleep(stopLimit)
            // Nothing that could wait for anything: no log line, no buffer that is written.
            _exit(128 + signal.rawValue)
        }
    }
}
