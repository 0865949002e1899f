import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// Where work is done that would hold up an event loop and everybody whom it serves: to make the answers that are about
/// thousands of users.
///
/// Small works are done at once, by whoever asks: to hand them over would take longer than they do.
final class OffLoop: Sendable {
    /// There is no room for another work.
    struct FullError: Error {}

    /// Has something done elsewhere, in order.
    typealias Executor = @Sendable (@escaping @Sendable () -> Void) -> Void

    /// From how many bytes of material on a work is handed over: about a quarter of a millisecond.
    static let smallest = 32 * 1024

    private let queue = NIOLockedValueBox(FairQueue<@Sendable () -> Void>())
    private let execute: Executor
    private let pool: NIOThreadPool?

    /// Has works done by so many threads of its own, until ``shutDown()``.
    init(threads: Int) {
        let pool = NIOThreadPool(numberOfThreads: threads)
        pool.start()
        self.pool = pool
        // Whatever the state of the pool: at the end, what waits is done too.
        execute = { body in pool.submit { _ in body() } }
    }

    /// Has works done by an executor.
    init(_ execute: @escaping Executor) {
        pool = nil
        self.execute = execute
    }

    /// Does everything at once.
    static let none = OffLoop { $0() }

    /// Does a work, here and now if it is small.
    ///
    /// - Parameters:
    ///   - owner: for whom. Owners have their turns.
    ///   - isDue: whether it is done however much waits: something would be lost with it.
    ///   - then: gets what came of it on the event loop, at once or later; nil where there is no room for it.
    func run<Value: Sendable>(
        _ material: WorkMaterial,
        for owner: String,
        isDue: Bool = false,
        on eventLoop: any EventLoop,
        _ work: @escaping @Sendable () -> Value,
        then: @escaping (Value?) -> Void
    ) {
        guard material.bytes >= Self.smallest else { return then(work()) }
        submit(material, for: owner, isDue: isDue, on: eventLoop, work).assumeIsolated().whenComplete { result in
            then(try? result.get())
        }
    }

    /// Has a work done elsewhere, whatever its size. It fails with ``FullError`` where there is no room for it.
    func submit<Value: Sendable>(
        _ material: WorkMaterial,
        for owner: String,
        isDue: Bool = false,
        on eventLoop: any EventLoop,
        _ work: @escaping @Sendable () -> Value
    ) -> EventLoopFuture<Value> {
        let promise = eventLoop.makePromise(of: Value.self)
        let isTaken = queue.withLockedValue {
            $0.add({ promise.succeed(work()) }, of: owner, material, isDue: isDue)
        }
        if isTaken {
            execute { [self] in doNext() }
        } else {
            promise.fail(FullError())
        }
        return promise.futureResult
    }

    /// One is executed for each work that was taken in: which one, shows when a thread is free.
    private func doNext() {
        guard let entry = queue.withLockedValue({ $0.next() }) else { return }
        entry.work()
        queue.withLockedValue { $0.ended(entry) }
    }

    /// Ends the threads, once all that waits is done. What comes later is done at once.
    func shutDown() async {
        try? await pool?.shutdownGracefully()
    }
}
