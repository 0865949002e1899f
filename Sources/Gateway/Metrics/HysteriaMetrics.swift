import Access
import GatewayConfiguration
import HysteriaStats
import Ledger
import NIOCore
import Text

/// The metrics of Hysteria and its users.
struct HysteriaMetrics {
    /// What one upstream told.
    struct Server: Sendable {
        let name: String
        /// Whether Hysteria answered.
        let isUp: Bool
        let totals: CountedUsers
        /// The users who are online; nil if Hysteria did not answer.
        let online: OnlineAnswer?
        /// The current periods of those who have a quota.
        var quotas: [QuotaFigures] = []
        /// How long Hysteria took.
        let duration: TimeAmount
    }

    private static let uplink: StaticString = "\",direction=\"uplink\"} "
    private static let downlink: StaticString = "\",direction=\"downlink\"} "

    let servers: [Server]

    /// About as many bytes as will be written.
    func expectedSize(_ settings: MetricsSettings) -> Int {
        guard settings.users else { return 8192 }
        return servers.reduce(8192) { size, server in
            size + 192 * server.totals.placesTaken
                + 64 * min(server.online?.entries.count ?? 0, settings.userLimit)
        }
    }

    /// Writes the families.
    ///
    /// - Parameter caller: the caller of this scrape; one limited to users sees nothing of others, not even in a total.
    func write(_ settings: MetricsSettings, for caller: Caller, into writer: inout MetricsWriter) {
        let views = servers.map { ServerView($0, settings, for: caller) }
        func family(
            _ name: StaticString,
            _ kind: MetricsWriter.Kind,
            _ help: StaticString,
            _ write: (inout MetricsWriter, ServerView) -> Void
        ) {
            writer.begin(name, kind, help)
            writer.forEachServer(views, named: \.server.name, write)
        }

        family("hysteria_up", .gauge, "Whether Hysteria answered this scrape.") {
            $0.sample($1.server.isUp ? 1 as UInt64 : 0)
        }
        family("hysteria_scrape_duration_seconds", .gauge, "How long Hysteria took to answer this scrape.") {
            $0.sample(Double($1.server.duration.nanoseconds) / 1e9)
        }
        family(
            "hysteria_traffic_bytes_total",
            .counter,
            """
            Payload bytes of each user, since the ledger began or, without one, since the gateway started. What Hysteria \
            counted between the last reading and its own restart is not known.
            """
        ) { writer, view in
            for user in view.users {
                writer.sample(user.total.up, user: user.name, Self.uplink)
                writer.sample(user.total.down, user: user.name, Self.downlink)
            }
        }
        family(
            "hysteria_all_traffic_bytes_total",
            .counter,
            "Payload bytes of all users, including those without a series of their own."
        ) {
            $0.sample($1.total.up, [.init("direction", "uplink")])
            $0.sample($1.total.down, [.init("direction", "downlink")])
        }
        // What no upstream said is no family; what one did not say has no sample.
        if views.contains(where: { $0.online != nil }) {
            family("hysteria_online_connections", .gauge, "Connections (devices) of each user who is online.") {
                for entry in $1.online?.users ?? [] { $0.sample(entry.connections, user: entry.user) }
            }
            family("hysteria_all_online_connections", .gauge, "Connections of all users, shown or not.") {
                if let online = $1.online { $0.sample(online.sum) }
            }
        }
        if settings.users, views.contains(where: { !$0.server.quotas.isEmpty }) {
            family("hysteria_period_bytes", .gauge, "Payload bytes in the current period of each user with a quota.") {
                for quota in $1.server.quotas where caller.sees(user: quota.user) {
                    $0.sample(quota.moved.up, user: quota.user, Self.uplink)
                    $0.sample(quota.moved.down, user: quota.user, Self.downlink)
                }
            }
            family("hysteria_quota_bytes", .gauge, "What a user may move in a period, both ways together.") {
                for quota in $1.server.quotas where caller.sees(user: quota.user) {
                    $0.sample(quota.quota, user: quota.user)
                }
            }
        }
        family(
            "hysteria_users_not_shown",
            .gauge,
            "Users without series of their own (metrics.users, metrics.userLimit); the totals include them."
        ) { $0.sample(UInt64($1.hidden)) }
    }
}

/// What a caller sees of one upstream.
private struct ServerView {
    /// Who is online.
    struct Online {
        /// Those who are named.
        var users: [OnlineAnswer.Entry] = []
        /// The connections of all, named or not.
        var sum: UInt64 = 0
    }

    let server: HysteriaMetrics.Server
    /// The traffic of those who are named.
    let users: [CountedUsers.User]
    /// The traffic of all, named or not.
    let total: Traffic
    private(set) var online: Online?
    /// How many are not named.
    private(set) var hidden: Int

    init(_ server: HysteriaMetrics.Server, _ settings: MetricsSettings, for caller: Caller) {
        let totals = server.totals
        let all = caller.users.map { $0.names.compactMap { totals.user(named: $0) } } ?? totals.users
        self.server = server
        users = settings.users ? caller.users == nil ? all.filter(\.hasPlace) : all : []
        total = caller.users == nil ? totals.total : all.reduce(Traffic()) { $0 + $1.total }
        hidden = all.count - users.count
        if let answer = server.online { add(answer, settings, for: caller) }
    }

    /// Adds who is online, and those who are not named and whom the traffic does not name either.
    private mutating func add(_ answer: OnlineAnswer, _ settings: MetricsSettings, for caller: Caller) {
        let totals = server.totals
        var online = Online()
        // Users whose first byte is still to come are named where there is room.
        var room = settings.userLimit - totals.placesTaken
        // Several names that are not valid UTF-8 can have come as one; two series of one name void the whole scrape.
        var knownPlaces = [Int32](repeating: -1, count: totals.users.count)
        var newPlaces: [ByteKey: Int] = [:]
        // Mostly the next one in the same order.
        var expected = 0
        for entry in answer.entries where caller.sees(user: entry.user) {
            online.sum = online.sum.saturatingSum(entry.connections)
            let known = totals.index(of: entry.user, expected: expected)
            if let known { expected = known + 1 }
            if let place = known.map({ Int(knownPlaces[$0]) }) ?? newPlaces[ByteKey(entry.user)], place >= 0 {
                online.users[place] = .init(
                    user: entry.user,
                    connections: online.users[place].connections.saturatingSum(entry.connections)
                )
                continue
            }
            let hasPlace = known.map { totals.users[$0].hasPlace } ?? (room > 0)
            let isNamed = settings.users && (caller.users != nil || hasPlace)
            if isNamed {
                if let known {
                    knownPlaces[known] = Int32(online.users.count)
                } else {
                    newPlaces[ByteKey(entry.user)] = online.users.count
                }
                online.users.append(entry)
            }
            guard known == nil else { continue }
            if isNamed { room -= 1 } else { hidden += 1 }
        }
        self.online = online
    }
}
