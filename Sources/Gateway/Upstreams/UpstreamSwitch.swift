import HysteriaStats

/// Asks Hysteria as it is configured now, and, until that has worked once, as it was configured before.
///
/// Hysteria takes a new secret or port at its restart, and the gateway when the file is saved: between the two, Hysteria
/// answers to the former ones alone.
final class UpstreamSwitch {
    /// The client of Hysteria as it is configured now.
    private(set) var current: StatsClient
    /// The client of Hysteria as it was configured before; nil once the present one has answered.
    private(set) var former: StatsClient?
    private var past = StatsClientCounters()
    private let watch: UpstreamWatch

    init(_ client: StatsClient, watch: UpstreamWatch) {
        current = client
        self.watch = watch
    }

    /// What the clients have done, those included that are there no more.
    var counters: StatsClientCounters {
        var counters = past
        counters.add(current.counters)
        if let former { counters.add(former.counters) }
        return counters
    }

    /// Asks another Hysteria, or the same one in another way, from now on. Waiting callers get the answer of the
    /// Hysteria that they asked.
    func adopt(_ upstream: StatsUpstream) {
        let replaced = current
        let isSame = upstream.isSameService(as: replaced.upstream)
        current = StatsClient(eventLoop: replaced.eventLoop, upstream: upstream)
        if isSame {
            retire(replaced)
        } else if let former, replaced.counters.answers == 0 {
            // It was saved twice, and Hysteria has not been seen to take the first of the two.
            retire(replaced)
            if !upstream.mayReplace(former.upstream) {
                dropFormer()
                watch.restored()
            }
        } else {
            dropFormer()
            if upstream.mayReplace(replaced.upstream) { former = replaced } else { retire(replaced) }
        }
    }

    /// Asks, and gives the answer or the error to the receiver.
    func perform(
        _ call: StatsCall,
        for receiver: any StatsAnswerReceiver,
        ticket: UInt64,
        late: StatsClient.LateAnswer? = nil
    ) {
        guard let former else { return current.perform(call, for: receiver, ticket: ticket, late: late) }
        UpstreamTrial(call, for: receiver, ticket: ticket, late: late, self, current, former).start()
    }

    /// Lets the clients end by themselves.
    func retire() {
        dropFormer()
        current.retire()
    }

    /// Calls back once no late answer is waited for.
    func whenSettled(_ body: @escaping () -> Void) {
        guard let former else { return current.whenSettled(body) }
        current.whenSettled { former.whenSettled(body) }
    }

    /// Ends the clients: everybody who waits gets an error now.
    func shutDown() {
        current.shutDown()
        former?.shutDown()
    }

    // MARK: What a trial found

    /// The present client has an answer: the former one is of no use any more.
    func answered(by client: StatsClient) {
        guard client === current, former != nil else { return }
        dropFormer()
        watch.present(client.upstream.address)
    }

    /// The former client has an answer where the present one was refused.
    func stoodIn(_ client: StatsClient, for refusal: StatsError) {
        guard client === former else { return }
        watch.former(client.upstream.address, refusal)
    }

    private func dropFormer() {
        if let former { retire(former) }
        former = nil
    }

    private func retire(_ client: StatsClient) {
        past.add(client.counters)
        client.retire()
    }
}

extension StatsUpstream {
    /// Whether calls reach the same service with the same secret.
    fileprivate func isSameService(as other: StatsUpstream) -> Bool {
        address == other.address && secret == other.secret
    }

    /// Whether this can be what the other one becomes at a restart. Another host is another Hysteria.
    fileprivate func mayReplace(_ other: StatsUpstream) -> Bool {
        address.host == other.address.host && !isSameService(as: other)
    }
}
