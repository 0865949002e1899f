import HysteriaSimulator
import Testing

@testable import HysteriaStats

@Suite struct PoolStateMachineTests {
    private typealias Pool = PoolStateMachine<Int, String>

    private func pool(limit: Int = 2, idleLimit: Int = 2, waitingLimit: Int = 2) -> PoolStateMachine<Int, String> {
        PoolStateMachine(limit: limit, idleLimit: idleLimit, waitingLimit: waitingLimit)
    }

    @Test("an idle connection is used again the last one first")
    func anIdleConnectionIsUsedAgainTheLastOneFirst() {
        var pool = self.pool()
        #expect(pool.submit("a", needsFresh: false).text == "connect a")
        #expect(pool.submit("b", needsFresh: false).text == "connect b")
        #expect(pool.released(1).text == "none")
        #expect(pool.released(2).text == "none")
        #expect(pool.submit("c", needsFresh: false).text == "use 2 c")
        #expect(pool.submit("d", needsFresh: false).text == "use 1 d")
    }

    @Test("a call that must not be repeated gets a connection that nobody used")
    func aCallThatMustNotBeRepeatedGetsAConnectionThatNobodyUsed() {
        var pool = self.pool()
        _ = pool.submit("a", needsFresh: false)
        _ = pool.released(1)
        #expect(pool.submit("clear", needsFresh: true).text == "connect clear")
        #expect(pool.submit("kick", needsFresh: true).text == "replace 1 kick")
        #expect(pool.submit("clear2", needsFresh: true).text == "none")
        #expect(pool.released(2).text == "replace 2 clear2")
    }

    @Test("calls beyond the limit wait in order and then are refused")
    func callsBeyondTheLimitWaitInOrderAndThenAreRefused() {
        var pool = self.pool(limit: 1)
        #expect(pool.submit("a", needsFresh: false).text == "connect a")
        #expect(pool.submit("b", needsFresh: false).text == "none")
        #expect(pool.submit("c", needsFresh: false).text == "none")
        #expect(pool.submit("d", needsFresh: false).text == "refuse d")
        #expect(pool.released(1).text == "use 1 b")
        #expect(pool.lost().text == "connect c")
        #expect(pool.lost().text == "none")
        #expect(pool.submit("e", needsFresh: false).text == "connect e")
    }

    @Test("a retired pool serves who waits and keeps nothing")
    func aRetiredPoolServesWhoWaitsAndKeepsNothing() {
        var pool = self.pool()
        _ = pool.submit("a", needsFresh: false)
        _ = pool.submit("b", needsFresh: false)
        #expect(pool.released(1).text == "none")
        #expect(pool.retire() == [1])
        #expect(pool.submit("c", needsFresh: false).text == "connect c")
        #expect(pool.submit("d", needsFresh: false).text == "none")
        #expect(pool.released(2).text == "use 2 d")
        #expect(pool.released(2).text == "close 2")
        #expect(pool.released(3).text == "close 3")
        #expect(pool.submit("e", needsFresh: false).text == "connect e")
    }

    @Test("idle connections are limited")
    func idleConnectionsAreLimited() {
        var pool = self.pool(idleLimit: 1)
        _ = pool.submit("a", needsFresh: false)
        _ = pool.submit("b", needsFresh: false)
        #expect(pool.released(1).text == "none")
        #expect(pool.released(2).text == "close 2")
        #expect(pool.submit("c", needsFresh: false).text == "use 1 c")
        #expect(pool.submit("d", needsFresh: false).text == "connect d")
        #expect(pool.submit("e", needsFresh: false).text == "none")
    }

    @Test("an idle connection that ends makes room")
    func anIdleConnectionThatEndsMakesRoom() {
        var pool = self.pool(limit: 1)
        _ = pool.submit("a", needsFresh: false)
        _ = pool.released(1)
        pool.idleClosed(1)
        pool.idleClosed(1)
        #expect(pool.submit("b", needsFresh: false).text == "connect b")
        #expect(pool.submit("c", needsFresh: false).text == "none")
    }

    @Test("giving up returns what is idle and who waits")
    func givingUpReturnsWhatIsIdleAndWhoWaits() {
        var pool = self.pool(limit: 1)
        _ = pool.submit("a", needsFresh: false)
        _ = pool.submit("b", needsFresh: true)
        let abandoned = pool.abandon()
        #expect(abandoned.idle.isEmpty)
        #expect(abandoned.waiting == ["b"])
    }

    /// Whatever happens: never more connections than allowed, never a fresh call on a used one, nobody lost.
    @Test("random events keep the limits")
    func randomEventsKeepTheLimits() {
        var random = SeededGenerator(seed: 3)
        var pool = self.pool(limit: 3, idleLimit: 2, waitingLimit: 5)
        var busy: [Int] = []
        var idle: Set<Int> = []
        var next = 0
        var submitted = 0
        var started = 0
        var refused = 0
        func perform(_ action: PoolStateMachine<Int, String>.Action) {
            switch action {
            case .none: break
            case .use(let connection, let call):
                #expect(!call.hasPrefix("fresh"))
                idle.remove(connection)
                busy.append(connection)
                started += 1
            case .connect:
                next += 1
                busy.append(next)
                started += 1
            case .replace(let connection, _):
                idle.remove(connection)
                next += 1
                busy.append(next)
                started += 1
            case .close(let connection): idle.remove(connection)
            case .refuse: refused += 1
            }
            #expect(busy.count + idle.count <= 3)
            #expect(idle.count <= 2)
        }
        for round in 0..<5000 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1:
                let isFresh = Bool.random(using: &random)
                submitted += 1
                perform(pool.submit("\(isFresh ? "fresh" : "read")\(round)", needsFresh: isFresh))
            case 2 where !busy.isEmpty:
                let connection = busy.remove(at: Int.random(in: 0..<busy.count, using: &random))
                if Bool.random(using: &random) {
                    idle.insert(connection)
                    perform(pool.released(connection))
                } else {
                    perform(pool.lost())
                }
            case 3:
                if let connection = idle.min() {
                    idle.remove(connection)
                    pool.idleClosed(connection)
                }
            default: break
            }
        }
        #expect(submitted == started + refused + pool.abandon().waiting.count)
    }
}

extension PoolStateMachine<Int, String>.Action {
    var text: String {
        switch self {
        case .use(let connection, let call): "use \(connection) \(call)"
        case .connect(let call): "connect \(call)"
        case .replace(let connection, let call): "replace \(connection) \(call)"
        case .close(let connection): "close \(connection)"
        case .refuse(let call): "refuse \(call)"
        case .none: "none"
        }
    }
}
