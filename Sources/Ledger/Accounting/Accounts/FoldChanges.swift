/// What changed since a fold, and so what the next one writes.
struct FoldChanges: Hashable, Sendable {
    /// What of a view changed.
    struct OfView: Hashable, Sendable {
        var taken: Set<CounterKey> = []
        var isOfferChanged = false
    }

    var history: OpenHistory
    var servers: Set<ServerID> = []
    var users = UserBits()
    var newUsers: [NewUser] = []
    var counters: [ServerID: UserBits] = [:]
    var views: [ViewID: OfView] = [:]
    var clears: [ClearID: ViewID] = [:]
    var goneViews: Set<ViewID> = []
    var goneClears: Set<ClearID> = []

    init(after sequence: Int64) { history = OpenHistory(after: sequence) }

    mutating func noteView(_ id: ViewID, taken: [CountedTraffic] = [], offer: Bool = false) {
        views[id, default: OfView()].taken.formUnion(taken.lazy.map(\.key))
        if offer { views[id]?.isOfferChanged = true }
    }

    mutating func noteGone(_ clears: [ClearID]) {
        for id in clears {
            self.clears[id] = nil
            goneClears.insert(id)
        }
    }

    mutating func noteGone(_ view: ViewID, clears gone: [ClearID]) {
        views[view] = nil
        noteGone(gone)
        goneViews.insert(view)
    }

    /// Puts what changed after this behind it.
    mutating func append(_ later: FoldChanges) {
        history.append(later.history)
        servers.formUnion(later.servers)
        users.formUnion(later.users)
        newUsers += later.newUsers
        counters.merge(later.counters) { left, right in
            var both = left
            both.formUnion(right)
            return both
        }
        views.merge(later.views) { left, right in
            OfView(
                taken: left.taken.union(right.taken),
                isOfferChanged: left.isOfferChanged || right.isOfferChanged
            )
        }
        clears.merge(later.clears) { $1 }
        goneViews.formUnion(later.goneViews)
        goneClears.formUnion(later.goneClears)
        for view in goneViews { views[view] = nil }
        for clear in goneClears { clears[clear] = nil }
    }
}
