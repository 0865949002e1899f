/// One typed operation on Hysteria's stats API.
///
/// A call is all that is ever relayed: nothing of a caller's path, query or headers reaches Hysteria.
package enum StatsCall: Hashable, Sendable {
    /// The bytes that each user sent and received.
    case traffic
    /// The same answer, after which Hysteria's counters are empty.
    case trafficClearing
    /// How many connections each user has.
    case online
    /// The proxied TCP streams.
    case streams
    /// Marks the named users to be cut at their next byte.
    case kick([String])

    /// Whether the call changes nothing, so that callers may share its answer and it may be sent again.
    package var isRead: Bool {
        switch self {
        case .traffic, .online, .streams: true
        case .trafficClearing, .kick: false
        }
    }
}

/// The calls that may be shared and repeated, numbered so that per-call state is an array.
enum ReadCall: Int, CaseIterable {
    case traffic, online, streams
}
