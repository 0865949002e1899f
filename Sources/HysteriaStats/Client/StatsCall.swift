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
    package var isRead: Bool { read != nil }

    /// The read that it is; nil where the call changes something.
    package var read: ReadCall? {
        switch self {
        case .traffic: .traffic
        case .online: .online
        case .streams: .streams
        case .trafficClearing, .kick: nil
        }
    }
}

/// The calls that may be shared and repeated, numbered so that per-call state is an array.
package enum ReadCall: Int, CaseIterable, Sendable {
    case traffic, online, streams

    /// It as one of all calls.
    package var statsCall: StatsCall {
        switch self {
        case .traffic: .traffic
        case .online: .online
        case .streams: .streams
        }
    }
}
