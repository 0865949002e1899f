/// What the journal's rows up to one of them come to: one transaction that makes the folded state from the one before.
package struct LedgerFold: Hashable, Sendable {
    /// The last row of the journal that is folded in. Rows up to it are deleted.
    package var through: Int64
    package var servers: [ServerImage]
    /// Users who are new, or were seen.
    package var users: [UserImage]
    /// Counters that changed.
    package var counters: [CounterImage]
    /// What is added to quarter hours and, by their dates, to days.
    package var quarters: [SlotTraffic]
    /// What is in totals and in no slot: openings, and amounts that were not dated.
    package var undated: [CountedTraffic]
    package var gaps: [LedgerGap]
    /// Views that are new or changed, whole but for amounts.
    package var views: [ViewChange]
    /// Clears that are new or decided.
    package var clears: [ClearImage]
    /// Views that are dropped, with their clears. None of them is in `views`.
    package var goneViews: [ViewID]
    /// Clears that are dropped: too many of a view, and too old to be asked for by their key. To be deleted before `clears` is
    /// written, so that a key can be used again. Those that were never written may be among them.
    package var goneClears: [ClearID]

    package init(
        through: Int64,
        servers: [ServerImage] = [],
        users: [UserImage] = [],
        counters: [CounterImage] = [],
        quarters: [SlotTraffic] = [],
        undated: [CountedTraffic] = [],
        gaps: [LedgerGap] = [],
        views: [ViewChange] = [],
        clears: [ClearImage] = [],
        goneViews: [ViewID] = [],
        goneClears: [ClearID] = []
    ) {
        self.through = through
        self.servers = servers
        self.users = users
        self.counters = counters
        self.quarters = quarters
        self.undated = undated
        self.gaps = gaps
        self.views = views
        self.clears = clears
        self.goneViews = goneViews
        self.goneClears = goneClears
    }
}

/// What a user moved in a quarter of an hour.
package struct SlotTraffic: Hashable, Sendable {
    /// Seconds since 1970, divided by 900.
    package let slot: Int64
    package let counted: CountedTraffic

    package init(slot: Int64, counted: CountedTraffic) {
        self.slot = slot
        self.counted = counted
    }
}

/// A view that is new or changed.
package struct ViewChange: Hashable, Sendable {
    /// Its row; `taken` and `offer` hold the entries that changed, with their values afterwards. An entry of zero is deleted.
    package var view: ViewImage
    /// Whether the offer stands in `offer` whole, in place of the one before.
    package var replacesOffer: Bool

    package init(view: ViewImage, replacesOffer: Bool) {
        self.view = view
        self.replacesOffer = replacesOffer
    }
}
