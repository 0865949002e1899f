import Access
import GatewayConfiguration
import HysteriaStats
import Logging
import NIOConcurrencyHelpers
import NIOCore
import Time

/// What all event loops have in common of each upstream, by its name.
final class SharedUpstreams: Sendable {
    /// What they have in common of one.
    struct Share: Sendable {
        let watch: UpstreamWatch
        /// The traffic that was seen: one truth for all event loops.
        let ledger: TrafficLedger
        /// Where large answers are read.
        let offLoop: OffLoop
        /// Who asks it for all event loops.
        let fetchLoop = FetchLoop()
    }

    private struct State {
        var userLimit: Int
        var shares: [String: Share] = [:]
    }

    private let offLoop: OffLoop
    private let logger: Logger
    private let state: NIOLockedValueBox<State>

    init(_ settings: MetricsSettings = MetricsSettings(), offLoop: OffLoop = .none, logger: Logger) {
        self.offLoop = offLoop
        self.logger = logger
        state = NIOLockedValueBox(State(userLimit: settings.userLimit))
    }

    /// What is shared of these, in their order, and of no others from now on. One that goes and comes again restarts.
    func shares(of names: [String]) -> [Share] {
        state.withLockedValue { state in
            var kept: [String: Share] = [:]
            let shares = names.map { name in
                let share = state.shares[name] ?? makeShare(of: name, userLimit: state.userLimit)
                share.watch.setNamed(names.count > 1)
                kept[name] = share
                return share
            }
            state.shares = kept
            return shares
        }
    }

    /// Has each ledger name at most so many users from now on.
    func setUserLimit(_ limit: Int, now: Int64) {
        let shares = state.withLockedValue { state in
            state.userLimit = limit
            return Array(state.shares.values)
        }
        for share in shares { share.ledger.setUserLimit(limit, now: now) }
    }

    private func makeShare(of name: String, userLimit: Int) -> Share {
        Share(
            watch: UpstreamWatch(of: name, logger: logger),
            ledger: TrafficLedger(userLimit: userLimit),
            offLoop: offLoop
        )
    }
}

/// The upstreams as one event loop asks them; at least one.
///
/// Not `Sendable`: it is used on its event loop only.
final class UpstreamSet {
    /// Each of them, in the order of the configuration.
    private(set) var all: [Upstream]
    private let eventLoop: any EventLoop
    private let shared: SharedUpstreams
    private let clock: WallClock

    /// - Parameter shared: what other event loops know of the same upstreams.
    init(_ upstreams: [NamedUpstream], on eventLoop: any EventLoop, shared: SharedUpstreams, clock: WallClock) {
        precondition(!upstreams.isEmpty, "a gateway without an upstream has nothing to serve")
        self.eventLoop = eventLoop
        self.shared = shared
        self.clock = clock
        all = zip(upstreams, shared.shares(of: upstreams.map(\.name))).map { upstream, share in
            Upstream(upstream, share, on: eventLoop, clock: clock)
        }
    }

    /// Whom the calls of a caller ask: the one place that decides it.
    func upstream(for caller: Caller?) -> Upstream { all[0] }

    /// Whose figures a caller sees in `/metrics`.
    func measured(for caller: Caller) -> [Upstream] { all }

    /// Asks these from now on: one that is known by its name goes on, asked in another way if need be. Waiting callers
    /// get the answer of the Hysteria that they asked.
    func adopt(_ upstreams: [NamedUpstream]) {
        precondition(!upstreams.isEmpty, "a gateway without an upstream has nothing to serve")
        var former = all
        all = zip(upstreams, shared.shares(of: upstreams.map(\.name))).map { upstream, share in
            guard let index = former.firstIndex(where: { $0.name == upstream.name }) else {
                return Upstream(upstream, share, on: eventLoop, clock: clock)
            }
            let known = former.remove(at: index)
            known.adopt(upstream)
            return known
        }
        for upstream in former { upstream.retire() }
    }

    /// Has each ledger name at most so many users from now on.
    func setUserLimit(_ limit: Int) {
        shared.setUserLimit(limit, now: clock.now())
    }

    /// What each of them was asked, and what went wrong.
    var counters: [UpstreamCounters] { all.map(\.counters) }

    /// Calls back once no late answer of any of them is waited for.
    func whenSettled(_ body: @escaping () -> Void) {
        var rest = all[...]
        func next() {
            if let upstream = rest.popFirst() { upstream.whenSettled(next) } else { body() }
        }
        next()
    }

    /// Ends the clients: everybody who waits gets an error now.
    func shutDown() {
        for upstream in all { upstream.shutDown() }
    }
}
