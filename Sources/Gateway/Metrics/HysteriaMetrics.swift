import HysteriaStats
import NIOCore
import Text

/// The metrics of Hysteria and its users.
struct HysteriaMetrics {
    /// Whether Hysteria answered.
    var isUp: Bool
    var totals: TrafficTotals
    /// The users who are online; nil if Hysteria did not answer.
    var online: OnlineAnswer?
    /// How long Hysteria took.
    var duration: TimeAmount

    /// About as many bytes as will be written.
    func expectedSize(_ settings: MetricsSettings) -> Int {
        guard settings.users else { return 8192 }
        return 8192 + 192 * totals.placesTaken + 64 * min(online?.entries.count ?? 0, settings.userLimit)
    }

    /// Writes the families.
    ///
    /// - Parameter caller: the caller of this scrape; one limited to users sees nothing of others, not even in a total.
    func write(_ settings: MetricsSettings, for caller: Caller, into writer: inout MetricsWriter) {
        writer.single("hysteria_up", .gauge, "Whether Hysteria answered this scrape.", isUp ? 1 : 0)
        writer.begin("hysteria_scrape_duration_seconds", .gauge, "How long Hysteria took to answer this scrape.")
        writer.sample(Double(duration.nanoseconds) / 1e9)

        let all = caller.users.map { $0.names.compactMap { totals.user(named: $0) } } ?? totals.users
        let named = settings.users ? caller.users == nil ? all.filter(\.hasPlace) : all : []
        let seen = caller.users == nil ? totals.total : all.reduce(TrafficTotal()) { $0 + $1.total }
        var hidden = all.count - named.count

        writer.begin(
            "hysteria_traffic_bytes_total",
            .counter,
            """
            Payload bytes of each user since the gateway started, as far as it saw them: what Hysteria counted between \
            the last look and its own restart is not known.
            """
        )
        for user in named {
            writer.sample(user.total.up, [.init("user", user.name), .init("direction", "uplink")])
            writer.sample(user.total.down, [.init("user", user.name), .init("direction", "downlink")])
        }
        writer.begin(
            "hysteria_all_traffic_bytes_total",
            .counter,
            "Payload bytes of all users, including those without a series of their own."
        )
        writer.sample(seen.up, [.init("direction", "uplink")])
        writer.sample(seen.down, [.init("direction", "downlink")])

        if let online { hidden += write(online, settings, for: caller, into: &writer) }
        writer.single(
            "hysteria_users_not_shown",
            .gauge,
            "Users without series of their own (metrics.users, metrics.userLimit); the totals include them.",
            UInt64(hidden)
        )
    }

    /// Writes the users who are online, and returns how many without a series were left out.
    private func write(
        _ online: OnlineAnswer,
        _ settings: MetricsSettings,
        for caller: Caller,
        into writer: inout MetricsWriter
    ) -> Int {
        var sum: UInt64 = 0
        var hidden = 0
        // Users whose first byte is still to come are named where there is room.
        var room = settings.userLimit - totals.placesTaken
        // Several names that are not valid UTF-8 can have come as one; two series of one name void the whole scrape.
        var named: [OnlineAnswer.Entry] = []
        var positions: [ByteKey: Int] = [:]
        for entry in online.entries where caller.sees(user: entry.user) {
            sum = sum.saturatingSum(entry.connections)
            let key = ByteKey(entry.user)
            if let position = positions[key] {
                named[position] = .init(
                    user: entry.user,
                    connections: named[position].connections.saturatingSum(entry.connections)
                )
                continue
            }
            let known = totals.user(named: entry.user)
            let isNamed = settings.users && (caller.users != nil || known?.hasPlace ?? (room > 0))
            if isNamed {
                positions[key] = named.count
                named.append(entry)
            }
            guard known == nil else { continue }
            if isNamed { room -= 1 } else { hidden += 1 }
        }
        writer.begin("hysteria_online_connections", .gauge, "Connections (devices) of each user who is online.")
        for entry in named { writer.sample(entry.connections, [.init("user", entry.user)]) }
        writer.single("hysteria_all_online_connections", .gauge, "Connections of all users, shown or not.", sum)
        return hidden
    }
}
