import LibSQLite

/// The users of a report: as many as fit into it.
struct UsageUsers {
    /// What they are called who have no place of their own.
    static let othersName = Array("(others)".utf8)

    /// In order.
    let ids: [UserID]
    /// The same as ranges of ids, which may have others between them.
    let ranges: [ClosedRange<Int64>]
    /// All that there are.
    let servers: [Int64]
    /// Where to go on; nil: these are all.
    let next: UserID?
    /// From the first id to the last: the place in `ids`, or -1.
    private let places: [Int32]
    private let first: Int64
    private let newNames: [UserID: [UInt8]]
    private let names: SQLiteStatement

    init(_ query: UsageQuery, buckets: Int, _ database: SQLiteDatabase, unfolded: UnfoldedTraffic)
        throws(LedgerStorageError)
    {
        let newNames = Dictionary(unfolded.users.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
        let size = max(1, query.limit / max(1, buckets))
        let after = query.after?.value ?? -1
        (ids, next, servers, names) = try LedgerStore.run { () throws(SQLiteError) in
            var servers = Set(unfolded.slots.map { $0.counted.key.server.value })
            let statement = try database.prepare("SELECT id FROM server")
            while try statement.step() { servers.insert(statement.integer(0)) }
            let names = try database.prepare("SELECT name FROM user WHERE id = ?1")
            switch query.users {
            case .all:
                let known = try database.optionalNumber("SELECT max(id) FROM user") ?? 0
                let last = max(known, newNames.keys.max()?.value ?? 0)
                let ids = after < last ? (after + 1...min(last, after + Int64(size))).map { UserID($0) } : []
                let isMore = after < last && last - after > Int64(size)
                return (ids, isMore ? ids.last : nil, servers.sorted(), names)
            case .named(let wanted):
                var ids: Set<UserID> = []
                let search = try database.prepare("SELECT id FROM user WHERE name = ?1")
                for name in wanted {
                    try search.bind(1, name)
                    if try search.step() { ids.insert(UserID(search.integer(0))) }
                    search.reset()
                    if name == Self.othersName { ids.insert(.others) }
                }
                let distinct = Set(wanted)
                for user in unfolded.users where distinct.contains(user.name) { ids.insert(user.id) }
                let rest = ids.filter { $0.value > after }.sorted()
                let chosen = Array(rest.prefix(size))
                return (chosen, rest.count > size ? chosen.last : nil, servers.sorted(), names)
            }
        }
        self.newNames = newNames
        ranges = Self.ranges(of: ids)
        first = ids.first?.value ?? 0
        var places = [Int32](repeating: -1, count: ids.isEmpty ? 0 : Int((ids.last?.value ?? first) - first) + 1)
        for (place, id) in ids.enumerated() { places[Int(id.value - first)] = Int32(place) }
        self.places = places
    }

    /// Reading over some rows is cheaper than looking for the next one.
    private static func ranges(of ids: [UserID]) -> [ClosedRange<Int64>] {
        var ranges: [ClosedRange<Int64>] = []
        for id in ids {
            if let last = ranges.last, id.value - last.upperBound <= 16 {
                ranges[ranges.count - 1] = last.lowerBound...id.value
            } else {
                ranges.append(id.value...id.value)
            }
        }
        return ranges
    }

    /// Where a user is in `ids`; nil: not asked about.
    func index(of user: UserID) -> Int? {
        let place = user.value - first
        guard place >= 0, place < places.count, places[Int(place)] >= 0 else { return nil }
        return Int(places[Int(place)])
    }

    /// What a user is called.
    func name(of id: UserID, _ database: SQLiteDatabase) throws(LedgerStorageError) -> [UInt8] {
        if let name = newNames[id] { return name }
        return try LedgerStore.run { () throws(SQLiteError) in
            names.bind(1, id.value)
            defer { names.reset() }
            guard try names.step() else { return id == .others ? Self.othersName : [] }
            return names.bytes(0)
        }
    }
}
