import NIOCore

/// Decides which connection a call gets, when to make one, and who waits.
///
/// It counts a connection from the moment it is to be made until it is closed, so the limit holds at every moment.
/// Waiting calls are served in order. As every call has the same time limit, a call reaches the head of the queue no
/// later than its own deadline: those before it end by then. So waiting needs no timer of its own.
struct PoolStateMachine<Connection: Equatable, Call> {
    enum Action {
        /// Send the call on this idle connection.
        case use(Connection, Call)
        /// Make a connection for the call.
        case connect(Call)
        /// Close this idle connection and make a new one for the call.
        case replace(Connection, Call)
        /// Close this connection; it is not needed.
        case close(Connection)
        /// Too many wait already: the call is not accepted.
        case refuse(Call)
        /// Nothing to do now.
        case none
    }

    private struct Waiting {
        let call: Call
        let needsFresh: Bool
    }

    private let limit: Int
    private var idleLimit: Int
    private let waitingLimit: Int
    private var open = 0
    private var idle: [Connection] = []
    private var waiting = CircularBuffer<Waiting>()

    init(limit: Int, idleLimit: Int, waitingLimit: Int) {
        self.limit = limit
        self.idleLimit = idleLimit
        self.waitingLimit = waitingLimit
    }

    /// A call wants a connection; one that must not be sent twice wants one that was never used.
    mutating func submit(_ call: Call, needsFresh: Bool) -> Action {
        // The connection used last is the least likely to have been closed meanwhile.
        if !needsFresh, let connection = idle.popLast() {
            return .use(connection, call)
        }
        if open < limit {
            open += 1
            return .connect(call)
        }
        if !idle.isEmpty {
            return .replace(idle.removeFirst(), call)
        }
        guard waiting.count < waitingLimit else { return .refuse(call) }
        waiting.append(Waiting(call: call, needsFresh: needsFresh))
        return .none
    }

    /// A connection finished a call and can take another one.
    mutating func released(_ connection: Connection) -> Action {
        if let next = waiting.popFirst() {
            return next.needsFresh ? .replace(connection, next.call) : .use(connection, next.call)
        }
        guard idle.count < idleLimit else {
            open -= 1
            return .close(connection)
        }
        idle.append(connection)
        return .none
    }

    /// A connection that was being made or in use is gone.
    mutating func lost() -> Action {
        guard let next = waiting.popFirst() else {
            open -= 1
            return .none
        }
        return .connect(next.call)
    }

    /// The upstream closed a connection while nothing was asked on it.
    mutating func idleClosed(_ connection: Connection) {
        guard let index = idle.firstIndex(of: connection) else { return }
        idle.remove(at: index)
        open -= 1
    }

    /// Keeps no connection from now on: returns the idle ones, to be closed. Calls are served as before.
    mutating func retire() -> [Connection] {
        idleLimit = 0
        open -= idle.count
        defer { idle.removeAll() }
        return idle
    }

    /// Gives up: returns the idle connections, to be closed, and the calls that wait.
    mutating func abandon() -> (idle: [Connection], waiting: [Call]) {
        let result = (self.idle, self.waiting.map(\.call))
        open -= self.idle.count
        self.idle.removeAll()
        self.waiting.removeAll()
        return result
    }
}
