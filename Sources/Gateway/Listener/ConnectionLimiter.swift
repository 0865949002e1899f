import Access
import NIOConcurrencyHelpers
import NIOCore

/// Counts open connections, in all and by address, across event loops.
///
/// The lock is held for a dictionary access when a connection opens and when it closes; never during a request.
final class ConnectionLimiter: Sendable {
    /// Why a connection is refused.
    enum LimitError: Error {
        case tooMany(limit: Int)
        case tooManyFromAddress(limit: Int)

        /// The limit, for metrics.
        var limit: ConnectionRefusal {
            switch self {
            case .tooMany: .connections
            case .tooManyFromAddress: .connectionsPerAddress
            }
        }
    }

    private struct State {
        var connections: Int
        var connectionsPerAddress: Int
        var open = 0
        var perBlock: [AddressBlock: Int] = [:]
    }

    private let state: NIOLockedValueBox<State>

    init(connections: Int, connectionsPerAddress: Int) {
        state = NIOLockedValueBox(State(connections: connections, connectionsPerAddress: connectionsPerAddress))
    }

    /// Admits by other limits from now on. Connections that are open stay.
    func set(connections: Int, connectionsPerAddress: Int) {
        state.withLockedValue { state in
            state.connections = connections
            state.connectionsPerAddress = connectionsPerAddress
        }
    }

    /// Counts a connection from this address in, or throws why not. Each one counted in is to be released once.
    func admit(_ address: SocketAddress?) throws(LimitError) {
        let block = address.flatMap(AddressBlock.init)
        let refusal = state.withLockedValue { state -> LimitError? in
            guard state.open < state.connections else { return .tooMany(limit: state.connections) }
            if let block {
                let count = state.perBlock[block, default: 0]
                guard count < state.connectionsPerAddress else {
                    return .tooManyFromAddress(limit: state.connectionsPerAddress)
                }
                state.perBlock[block] = count + 1
            }
            state.open += 1
            return nil
        }
        if let refusal { throw refusal }
    }

    /// A connection that was admitted has ended.
    func release(_ address: SocketAddress?) {
        let block = address.flatMap(AddressBlock.init)
        state.withLockedValue { state in
            state.open -= 1
            guard let block, let count = state.perBlock[block] else { return }
            state.perBlock[block] = count > 1 ? count - 1 : nil
        }
    }
}
