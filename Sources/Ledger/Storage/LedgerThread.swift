import Glibc

/// A thread of its own that jobs run on one after the other: a disk that stalls holds up nobody else.
///
/// Unchecked: the queue is touched only with the mutex held.
package final class LedgerThread: SerialExecutor, @unchecked Sendable {
    /// What the thread and its executor share. Neither keeps the other alive.
    ///
    /// Unchecked: the mutex and the condition are made for several threads, and all else is touched with the mutex held.
    private final class Queue: @unchecked Sendable {
        let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
        /// Each with its executor, so that it lives until its last job has run.
        var jobs: [(job: UnownedJob, executor: LedgerThread)] = []
        var isClosed = false

        init() {
            pthread_mutex_init(mutex, nil)
            pthread_cond_init(condition, nil)
        }

        deinit {
            pthread_cond_destroy(condition)
            pthread_mutex_destroy(mutex)
            condition.deallocate()
            mutex.deallocate()
        }

        /// Waits for jobs; none: the executor is gone.
        func take() -> [(job: UnownedJob, executor: LedgerThread)] {
            pthread_mutex_lock(mutex)
            defer { pthread_mutex_unlock(mutex) }
            while jobs.isEmpty && !isClosed { pthread_cond_wait(condition, mutex) }
            defer { jobs = [] }
            return jobs
        }

        func change(_ body: (Queue) -> Void) {
            pthread_mutex_lock(mutex)
            body(self)
            pthread_cond_signal(condition)
            pthread_mutex_unlock(mutex)
        }
    }

    private let queue = Queue()

    /// Starts the thread. A machine that gives none cannot do anything else either.
    package init() {
        let queue = Unmanaged.passRetained(queue)
        var thread = pthread_t()
        let code = pthread_create(
            &thread,
            nil,
            { context in
                guard let context else { return nil }
                let queue = Unmanaged<Queue>.fromOpaque(context).takeRetainedValue()
                LedgerThread.run(queue)
                return nil
            },
            queue.toOpaque()
        )
        precondition(code == 0, "no thread for the ledger: \(String(cString: strerror(code)))")
        pthread_detach(thread)
    }

    deinit {
        queue.change { $0.isClosed = true }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.change { $0.jobs.append((job, self)) }
    }

    private static func run(_ queue: Queue) {
        while true {
            let jobs = queue.take()
            if jobs.isEmpty { return }
            for (job, executor) in jobs { job.runSynchronously(on: executor.asUnownedSerialExecutor()) }
        }
    }
}
