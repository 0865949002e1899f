import Glibc

/// A detached thread.
package enum DetachedThread {
    private final class Job: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }

    /// Runs `body` on a new thread. Returns whether there is one.
    @discardableResult
    package static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        let job = Unmanaged.passRetained(Job(body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread,
            nil,
            { job in
                if let job {
                    Unmanaged<Job>.fromOpaque(job).takeRetainedValue().body()
                }
                return nil
            },
            job.toOpaque()
        )
        guard code == 0 else {
            job.release()
            return false
        }
        pthread_detach(thread)
        return true
    }
}
