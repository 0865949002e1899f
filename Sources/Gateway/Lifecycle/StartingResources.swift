import Glibc

/// The resources that the process needs from the system before it can start. Swift's runtime and the event loops end
/// the process without a helpful message where they do not get it, so it is requested beforehand.
package struct StartingResources: Sendable {
    /// A resource that the system refuses.
    package struct ResourceError: Error, Sendable, CustomStringConvertible {
        /// What, how much of it is needed, and what to raise.
        package let description: String
    }

    /// Free descriptors.
    let descriptors: Int
    /// Threads.
    let threads: Int
    /// Bytes of address space beside the stacks of the threads.
    let addressSpace: Int

    /// What a process with event loops needs that listens on so many addresses.
    package init(eventLoops: Int = 1, listeners: Int = 0) {
        // Three of an event loop, a connection to Hysteria, and each listener's socket with one that is kept of it. The
        // rest is for files that are read, signals, and a few callers.
        descriptors = 20 + eventLoops * (4 + 2 * listeners)
        // libdispatch's threads, the one that writes the access log, and one that resolves names.
        threads = eventLoops + GatewayService.offLoopThreads(eventLoops) + 8
        addressSpace = (32 + eventLoops) << 20
    }

    /// Says what is missing.
    package func claim() throws(ResourceError) {
        DescriptorLimit.raise()
        let limit = DescriptorLimit.current().soft
        let free = Self.freeDescriptors(below: limit, enough: descriptors)
        guard free >= descriptors else {
            throw ResourceError(
                description: "cannot start with so few file descriptors: \(free) are free and \(descriptors) are "
                    + "needed; the limit is \(limit): raise LimitNOFILE= of the systemd unit (ulimit -n in a shell)"
            )
        }
        try Self.claim(threads: threads, addressSpace: addressSpace)
    }

    private static func freeDescriptors(below limit: Int, enough: Int) -> Int {
        var free = 0
        var next: CInt = 0
        while free < enough, Int(next) < limit {
            if fcntl(next, F_GETFD) == -1 { free += 1 }
            next += 1
        }
        return free
    }

    /// Starts the threads, asks for the memory beside their stacks, and gives all of it back.
    private static func claim(threads wanted: Int, addressSpace: Int) throws(ResourceError) {
        let gate = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        gate.initialize(to: pthread_mutex_t())
        pthread_mutex_init(gate, nil)
        pthread_mutex_lock(gate)
        defer {
            pthread_mutex_destroy(gate)
            gate.deallocate()
        }

        var threads: [pthread_t] = []
        var failure: String?
        while threads.count < wanted, failure == nil {
            var thread = pthread_t()
            let result = pthread_create(&thread, nil, waitAtGate, gate)
            if result == 0 {
                threads.append(thread)
            } else {
                failure = "\(wanted) threads are needed, and the system gives \(threads.count) (\(Self.words(result)))"
            }
        }
        if failure == nil {
            let memory = mmap(nil, addressSpace, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
            if memory == MAP_FAILED {
                failure = "\(addressSpace >> 20) MiB of memory beside the threads are needed (\(Self.words(errno)))"
            } else {
                munmap(memory, addressSpace)
            }
        }
        pthread_mutex_unlock(gate)
        for thread in threads { pthread_join(thread, nil) }
        if let failure { throw ResourceError(description: "cannot start: \(failure); \(advice)") }
    }

    private static func words(_ code: CInt) -> String { String(cString: strerror(code)) }

    private static var advice: String {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
        guard limit.rlim_cur == rlim_t.max else {
            return "the address space is limited to \(limit.rlim_cur >> 20) MiB: raise LimitAS= of the systemd unit "
                + "(ulimit -v in a shell)"
        }
        return "raise TasksMax= or LimitNPROC= of the systemd unit, the limit of processes of the container, or "
            + "ulimit -u, or give the machine more memory"
    }
}

/// What each thread does: waits until all are there.
private func waitAtGate(_ gate: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let gate = gate?.assumingMemoryBound(to: pthread_mutex_t.self) else { return nil }
    pthread_mutex_lock(gate)
    pthread_mutex_unlock(gate)
    return nil
}
