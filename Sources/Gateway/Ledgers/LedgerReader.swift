import HysteriaStats
import Ledger
import NIOCore

/// Reads Hysteria's counters for the ledger: on a connection of its own, one request at a time.
///
/// A connection cannot outlive Hysteria's process, so that answers on the same one come from the same counters.
final class LedgerReader: StatsAnswerReceiver {
    /// What a reading came to. The source tells what proves that the counters went on.
    typealias Outcome = Result<(reading: LedgerReading, source: ReadingSource), any Error>

    private var client: StatsClient
    private var isOwnMachine: Bool
    private var generation: UInt64 = 0
    private var mark = ""
    private var whenDone: ((Outcome) -> Void)?

    /// - Parameter isOwnMachine: whether the address is of Hysteria's own configuration on this machine.
    init(_ upstream: StatsUpstream, isOwnMachine: Bool, on eventLoop: any EventLoop) {
        self.isOwnMachine = isOwnMachine
        client = Self.client(upstream, eventLoop)
    }

    private static func client(_ upstream: StatsUpstream, _ eventLoop: any EventLoop) -> StatsClient {
        var upstream = upstream
        upstream.connections = 1
        upstream.idleConnections = 1
        return StatsClient(eventLoop: eventLoop, upstream: upstream)
    }

    /// Whom it asks.
    var upstream: StatsUpstream { client.upstream }

    /// Asks another Hysteria, or the same one in another way, from the next reading on.
    func adopt(_ upstream: StatsUpstream, isOwnMachine: Bool) {
        let former = client
        client = Self.client(upstream, former.eventLoop)
        self.isOwnMachine = isOwnMachine
        generation += 1
        former.retire()
    }

    /// Asks once.
    func read(_ whenDone: @escaping (Outcome) -> Void) {
        precondition(self.whenDone == nil, "one reading at a time")
        self.whenDone = whenDone
        // Before the answer: a Hysteria that takes the place of the one that answers has another mark at the next reading.
        mark = HysteriaMark.current(of: client.upstream.address)
        client.perform(.traffic, for: self, ticket: generation)
    }

    func receive(_ result: Result<StatsAnswer, StatsError>, for ticket: UInt64) {
        guard let done = whenDone else { return }
        whenDone = nil
        switch result {
        case .failure(let error):
            done(.failure(error))
        case .success(let answer):
            do {
                let traffic = try TrafficAnswer(parsing: answer.body)
                var reading = LedgerReading(expecting: traffic.entries.count)
                for entry in traffic.entries { reading.append(entry.user, up: entry.tx, down: entry.rx) }
                // The client has one connection at a time, and counts them.
                let connection = generation << 32 | UInt64(client.counters.connectionsOpened)
                let source = ReadingSource(connection: connection, mark: mark, isOwnMachine: isOwnMachine)
                done(.success((reading, source)))
            } catch {
                done(.failure(error))
            }
        }
    }

    func shutDown() { client.shutDown() }
}
