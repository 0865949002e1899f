import Glibc

/// How many descriptors the process may have open at once, which is a connection each.
public struct DescriptorLimit: Sendable, Hashable {
    /// What holds now.
    public let soft: Int
    /// How far the process may raise it.
    public let hard: Int

    /// What holds for this process.
    public static func current() -> DescriptorLimit {
        let limit = read()
        return DescriptorLimit(soft: Int(clamping: limit.rlim_cur), hard: Int(clamping: limit.rlim_max))
    }

    /// Raises what holds as far as the process may. The usual 1,024 are for programs that call `select`.
    public static func raise() {
        var limit = read()
        guard limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        // Where it is forbidden, what held before holds on, and ``connections(beside:)`` follows from that.
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    private static func read() -> rlimit {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return limit
    }
}
