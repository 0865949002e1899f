import GatewayConfiguration
import HysteriaStats

/// How many connections of callers the descriptors of a process suffice for.
///
/// No more are admitted, so that a flood of callers cannot take away what their calls need: connections to Hysteria,
/// and files that are read again.
struct DescriptorBudget {
    /// Standard streams, the files of a reload, watched folders, the log, and whatever libraries hold.
    private static let standing = 64
    /// For each event loop: epoll with its timer and its wake-up call.
    private static let eachLoop = 3
    /// For each upstream on each event loop: the connections to it, of which a reload can have two sets.
    private static let eachUpstream = 2 * StatsUpstream.defaultConnections
    /// For each listener on each event loop: the socket, and the descriptor that is kept of it.
    private static let eachSocket = 2

    private let own: Int

    init(_ configuration: Configuration) {
        let listeners = configuration.listen.count + (configuration.redirect == nil ? 0 : 1)
        self.init(threads: configuration.threads, listeners: listeners, upstreams: configuration.upstreams.count)
    }

    init(threads: Int, listeners: Int, upstreams: Int = 1) {
        own = Self.standing + threads * (Self.eachLoop + Self.eachUpstream * upstreams + Self.eachSocket * listeners)
    }

    /// The connections that so many descriptors suffice for; half of them at least, since little of what is put aside is
    /// used at any time.
    func connections(within descriptors: Int) -> Int {
        max(descriptors - own, descriptors / 2)
    }

    /// The warning for the operator if the descriptors do not suffice.
    func shortage(of descriptors: Int, for limits: Limits) -> String? {
        let room = connections(within: descriptors)
        guard room < limits.connections else { return nil }
        return
            "limits.connections is \(limits.connections), but the process may open \(descriptors) descriptors, which is "
            + "\(room) connections: raise LimitNOFILE in the systemd unit (ulimit -Hn in a shell)"
    }
}
