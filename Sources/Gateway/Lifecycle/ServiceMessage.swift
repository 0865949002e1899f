import Glibc

/// A message to a service manager (sd_notify(3)).
enum ServiceMessage: Equatable {
    /// Ready: callers are served.
    case ready(status: String)
    /// The configuration is being read again, since this time of the monotonic clock in microseconds.
    case reloading(since: UInt64)
    /// In-flight requests are finished, and no new connections accepted.
    case stopping
    /// Every event loop is responsive (the watchdog).
    case alive

    /// A reload that begins now.
    static func reloadingNow() -> ServiceMessage {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return .reloading(since: UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000)
    }

    /// The message as it is sent.
    var text: String {
        switch self {
        case .ready(let status): "READY=1\nSTATUS=\(status)"
        case .reloading(let time): "RELOADING=1\nMONOTONIC_USEC=\(time)\nSTATUS=reading the configuration"
        case .stopping: "STOPPING=1\nSTATUS=draining"
        case .alive: "WATCHDOG=1"
        }
    }
}
