import Logging
import NIOCore
import Time

/// Runs a ``Reloader`` when the operator demands it, when the kernel reports a change, and when time has passed.
struct ReloadLoop: Sendable {
    let source: StateSource
    let state: ServingState
    let ticketKeys: TicketKeyRefresh
    let timing: ReloadTiming
    let triggers: ReloadTriggers
    let clock: WallClock
    let logger: Logger
    /// Called when a reload that the operator has asked for begins, and when it ends.
    let tell: @Sendable (_ isReloading: Bool) -> Void
    let adopt: @Sendable (ServingState) async -> Void
    let reject: @Sendable () -> Void
    /// Waits for so long, and throws when the task is cancelled.
    var wait: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    /// Works until the task is cancelled.
    ///
    /// - Parameter eventLoop: Where the kernel's messages are read.
    func run(on eventLoop: any EventLoop) async {
        let watch = await directoryWatch(on: eventLoop)
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { [triggers, wait, interval = timing.interval] in
                while (try? await wait(interval)) != nil { triggers.pull(.time) }
            }
            tasks.addTask { await work(watch) }
            await tasks.waitForAll()
        }
        await watch?.close()
    }

    private func work(_ watch: DirectoryWatch?) async {
        let reloader = Reloader(
            source: source,
            state: state,
            ticketKeys: ticketKeys,
            timing: timing,
            wait: wait,
            clock: clock,
            logger: logger,
            watch: { watch?.watch(WatchedNames(of: $0, in: .system)) },
            adopt: adopt,
            reject: reject
        )
        // Changes since the start are found now.
        triggers.pull(.change)
        await triggers.forEach { reasons in
            let isDemanded = reasons.contains(.demand)
            if isDemanded { tell(true) }
            await reloader.handle(reasons)
            if isDemanded { tell(false) }
        }
    }

    private func directoryWatch(on eventLoop: any EventLoop) async -> DirectoryWatch? {
        do {
            return try await DirectoryWatch(on: eventLoop) { [triggers] in triggers.pull(.change) }
        } catch {
            logger.notice(
                "the kernel does not report changed files; they are polled instead",
                metadata: ["reason": "\(error)", "interval": "\(timing.interval)"]
            )
            return nil
        }
    }
}

/// How often the files are polled.
package struct ReloadTiming: Sendable {
    /// The polling interval when the kernel reports nothing.
    package var interval = Duration.seconds(10)
    /// The time that a change is given to become complete.
    package var settling = Duration.milliseconds(100)

    /// The defaults.
    package init() {}
}
