import NIOCore
import NIOPosix

/// The event loops, each with its ``Worker``.
final class WorkerPool: StateReceiver {
    /// The event loops, for those who take any of them.
    let group: MultiThreadedEventLoopGroup
    private let workers: [NIOLoopBound<Worker>]

    /// Starts `threads` event loops and makes a worker on each.
    init(threads: Int, makeWorker: @escaping @Sendable (any EventLoop) -> Worker) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads, metricsDelegate: LoopTurns())
        var workers: [NIOLoopBound<Worker>] = []
        for eventLoop in group.makeIterator() {
            workers.append(
                try await eventLoop.submit { NIOLoopBound(makeWorker(eventLoop), eventLoop: eventLoop) }.get()
            )
        }
        self.group = group
        self.workers = workers
    }

    /// The event loops.
    var eventLoops: [any EventLoop] { workers.map(\.eventLoop) }

    /// The worker of each event loop.
    var boundWorkers: [NIOLoopBound<Worker>] { workers }

    /// What the event loops have done, for ``GatewayMetrics``.
    var counterSources: [GatewayMetrics.CounterSource] {
        workers.map { worker in { worker.eventLoop.submit { worker.value.takeCounters() } } }
    }

    /// Makes every worker serve from another state.
    func adopt(_ state: ServingState) async {
        for worker in workers {
            try? await worker.eventLoop.submit { worker.value.adopt(state) }.get()
        }
    }

    /// Has every worker answer from a ledger.
    func use(_ ledger: LedgerService) async {
        for worker in workers {
            try? await worker.eventLoop.submit { worker.value.api.ledger = ledger }.get()
        }
    }

    /// Starts a drain of all connections, present and future. Returns when all of them have been notified.
    func beginDrain() async {
        for worker in workers {
            try? await worker.eventLoop.submit { worker.value.registry.beginDrain() }.get()
        }
    }

    /// Lets the connections finish, for `limit` at most, then closes those that are left.
    ///
    /// - Returns: how many had to be closed.
    func drain(limit: TimeAmount) async -> Int {
        await withTaskGroup(of: Int.self) { tasks in
            for worker in workers {
                tasks.addTask { (try? await Self.drain(worker, limit: limit).get()) ?? 0 }
            }
            return await tasks.reduce(0, +)
        }
    }

    private static func drain(_ worker: NIOLoopBound<Worker>, limit: TimeAmount) -> EventLoopFuture<Int> {
        let eventLoop = worker.eventLoop
        let promise = eventLoop.makePromise(of: Int.self)
        eventLoop.execute {
            let worker = worker.value
            let timer = eventLoop.assumeIsolated().scheduleTask(in: limit) {
                let left = worker.registry.count
                worker.registry.drain { promise.succeed(left) }
                worker.registry.closeAll()
            }
            worker.registry.drain {
                // Callers are gone; figures that Hysteria was asked to clear may still be on their way to the log.
                worker.api.upstreams.whenSettled {
                    timer.cancel()
                    promise.succeed(0)
                }
            }
        }
        return promise.futureResult
    }

    /// Ends the event loops. Connections are closed by then.
    func shutDown() async {
        for worker in workers {
            try? await worker.eventLoop.submit { worker.value.shutDown() }.get()
        }
        // What one has asked another for goes there, and the answer back.
        for _ in 0..<2 {
            for worker in workers { try? await worker.eventLoop.submit {}.get() }
        }
        try? await group.shutdownGracefully()
    }
}
