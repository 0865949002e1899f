import Glibc

/// How many descriptors the process may have open at once, which is a connection each.
package struct DescriptorLimit: Sendable, Hashable {
    /// The current limit.
    package let soft: Int
    /// The hard limit.
    package let hard: Int

    /// The limits of this process.
    package static func current() -> DescriptorLimit {
        let limit = read()
        return DescriptorLimit(soft: Int(clamping: limit.rlim_cur), hard: Int(clamping: limit.rlim_max))
    }

    /// Raises the soft limit to the hard limit. The usual 1,024 are for programs that call `select`.
    package static func raise() {
        var limit = read()
        guard limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        // If that fails, the old limit stays, and the connections that ``DescriptorBudget`` admits follow from it.
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    private static func read() -> rlimit {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return limit
    }
}
