/// All of the ledger's state: what its file holds and what the journal's rows made of it since.
///
/// It changes by ``apply(_:)`` alone, at the start and while running, so that what is in memory is what a replay makes.
package struct LedgerAccounts: Sendable {
    private(set) var ledgerID: String
    /// The last row that was applied.
    private(set) var sequence: Int64
    var servers: [ServerID: ServerAccount] = [:]
    /// By the numbers of users, which are their ids; 0 is "(others)".
    var names = UserNames()
    var order = UserOrder()
    /// Milliseconds since 1970, by the numbers of users; 0: never.
    var firstSeen: [Int64] = [0]
    var lastSeen: [Int64] = [0]
    var views: [ViewID: ViewAccount] = [:]
    var viewIDs: [String: ViewID] = [:]
    var lastViewID: Int64 = 0
    var lastClearID: Int64 = 0
    /// What the next fold has to write.
    var open: FoldChanges
    /// What a fold that is under way writes.
    var folding: FoldChanges?

    /// The number of the next new user.
    var nextUser: Int { max(1, names.end) }
    /// How many users have a place of their own.
    var userCount: Int { names.count }

    /// No file holds more users: ids beyond are a damaged file's.
    static let largestID: Int64 = 50_000_000

    /// Takes in a file's folded state, and replays the journal's rows after it.
    package init(replaying image: LedgerImage) throws(LedgerReplayError) {
        ledgerID = image.ledgerID
        sequence = image.folded
        open = FoldChanges(after: image.folded)
        for server in image.servers { servers[server.id] = ServerAccount(server) }
        for user in image.users where user.id != .others {
            try add(NewUser(id: user.id, name: user.name), at: user.firstSeen)
            lastSeen[Int(user.id.value)] = user.lastSeen
        }
        if let others = image.users.first(where: { $0.id == .others }) {
            (firstSeen[0], lastSeen[0]) = (others.firstSeen, others.lastSeen)
        }
        for counter in image.counters { try load(counter) }
        for view in image.views { try add(ViewAccount(view)) }
        for clear in image.clears.sorted(by: { $0.id < $1.id }) {
            try require(views[clear.view] != nil, .unknown("view", id: clear.view.value, sequence: sequence))
            views[clear.view]?.replay(clear)
            lastClearID = max(lastClearID, clear.id.value)
        }
        for row in image.journal { try replay(row) }
    }

    private mutating func load(_ counter: CounterImage) throws(LedgerReplayError) {
        let number = Int(counter.key.user.value)
        try require(knows(counter.key.user), .unknown("user", id: counter.key.user.value, sequence: sequence))
        guard var server = servers.removeValue(forKey: counter.key.server) else {
            throw .unknown("server", id: counter.key.server.value, sequence: sequence)
        }
        server.totals.grow(to: nextUser)
        server.raw.grow(to: nextUser)
        server.totals[number] = counter.total
        server.raw[number] = counter.raw
        servers[counter.key.server] = server
    }

    func knows(_ user: UserID) -> Bool { user == .others || names.contains(Int(user.value)) }

    func require(_ isRight: Bool, _ error: @autoclosure () -> LedgerReplayError) throws(LedgerReplayError) {
        guard isRight else { throw error() }
    }

    // MARK: Steps of entries

    mutating func add(_ user: NewUser, at time: Int64) throws(LedgerReplayError) {
        let error = LedgerReplayError.impossible("user", id: user.id.value, sequence: sequence)
        try require((1...Self.largestID).contains(user.id.value), error)
        let number = Int(user.id.value)
        try require(!names.contains(number) && names.number(of: user.name) == nil, error)
        user.name.withUnsafeBytes { names.add($0, as: number) }
        while firstSeen.count < names.end {
            firstSeen.append(0)
            lastSeen.append(0)
        }
        firstSeen[number] = time
        lastSeen[number] = time
        order.add(number)
    }

    mutating func add(_ view: ViewAccount) throws(LedgerReplayError) {
        try require(
            views[view.id] == nil && viewIDs[view.name] == nil,
            .impossible("view", id: view.id.value, sequence: sequence)
        )
        viewIDs[view.name] = view.id
        lastViewID = max(lastViewID, view.id.value)
        views[view.id] = view
    }

    mutating func advance(to row: Int64) {
        sequence = row
        open.history.noteRow(row)
    }

    /// The last rows were merged into those before them, before they were written.
    mutating func forgetRows(_ count: Int) {
        sequence -= Int64(count)
        open.history.forgetRows(count)
    }

    /// Another file takes this one's place: goes on behind its last row.
    mutating func move(to image: LedgerImage) {
        ledgerID = image.ledgerID
        advance(to: max(sequence, image.journal.last?.sequence ?? image.folded))
    }
}
