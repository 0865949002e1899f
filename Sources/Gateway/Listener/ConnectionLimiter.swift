import NIOConcurrencyHelpers
import NIOCore

/// Counts open connections, in all, by address, and those whose TLS handshake is not complete, across event loops.
///
/// The lock is held for a dictionary access when a connection opens and when it closes, and for less when a handshake is
/// complete; never during a request.
final class ConnectionLimiter: Sendable {
    /// The handshakes in progress at once, unless said otherwise.
    ///
    /// It bounds what a flood takes from those who are connected: 48 KiB for each handshake that is half done, and, if all
    /// ask for their signature at once, a third of a millisecond each before the next request has its turn.
    /// docs/performance.md has the measurements.
    static let defaultHandshakes = 1024

    /// Why a connection is refused.
    enum Refusal: Error {
        case tooMany(limit: Int)
        case tooManyFromAddress(limit: Int)
        case tooManyHandshakes(limit: Int)
    }

    private struct State {
        var connections: Int
        var connectionsPerAddress: Int
        var total = 0
        var handshakes = 0
        var perBlock: [AddressBlock: Int] = [:]
    }

    private let handshakes: Int
    private let state: NIOLockedValueBox<State>

    init(connections: Int, connectionsPerAddress: Int, handshakes: Int = defaultHandshakes) {
        self.handshakes = handshakes
        state = NIOLockedValueBox(State(connections: connections, connectionsPerAddress: connectionsPerAddress))
    }

    /// Admits by other limits from now on. Connections that are open stay.
    func set(connections: Int, connectionsPerAddress: Int) {
        state.withLockedValue { state in
            state.connections = connections
            state.connectionsPerAddress = connectionsPerAddress
        }
    }

    /// Counts a connection from this address in, or throws why not. Each one counted in is to be released once, and one that
    /// is handshaking is to be followed by ``handshakeEnded()`` once.
    func admit(_ address: SocketAddress?, isHandshaking: Bool = false) throws(Refusal) {
        let block = address.flatMap(AddressBlock.init)
        let refusal = state.withLockedValue { state -> Refusal? in
            guard state.total < state.connections else { return .tooMany(limit: state.connections) }
            if isHandshaking, state.handshakes >= handshakes { return .tooManyHandshakes(limit: handshakes) }
            if let block {
                let count = state.perBlock[block, default: 0]
                guard count < state.connectionsPerAddress else {
                    return .tooManyFromAddress(limit: state.connectionsPerAddress)
                }
                state.perBlock[block] = count + 1
            }
            state.total += 1
            if isHandshaking { state.handshakes += 1 }
            return nil
        }
        if let refusal { throw refusal }
    }

    /// A connection that was admitted as handshaking has completed its handshake, or ended before.
    func handshakeEnded() {
        state.withLockedValue { $0.handshakes -= 1 }
    }

    /// A connection that was admitted has ended.
    func release(_ address: SocketAddress?) {
        let block = address.flatMap(AddressBlock.init)
        state.withLockedValue { state in
            state.total -= 1
            guard let block, let count = state.perBlock[block] else { return }
            state.perBlock[block] = count > 1 ? count - 1 : nil
        }
    }
}
