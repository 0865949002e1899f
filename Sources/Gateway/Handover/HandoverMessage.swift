/// The messages between two gateways in a takeover.
///
/// The old one: ``offer(_:)``, with its listening sockets. The new one, when all else is ready: ``ready(_:)``. The old
/// one, when it has stopped accepting: ``done``. If the new one fails before it is ready, the old one carries on.
enum HandoverMessage: Equatable {
    /// These addresses are listened on, one for each socket.
    case offer([String])
    /// The connections to these addresses are accepted by the sender from now on.
    case ready([String])
    /// The sender accepts none of them any more.
    case done

    private static let greeting = "hysteria-gateway handover 1"

    /// Reads a message; nil if it is invalid.
    init?(_ text: String) {
        let lines = text.split(separator: "\n").map(String.init)
        switch lines.first {
        case "\(Self.greeting) offer": self = .offer(Array(lines.dropFirst()))
        case "\(Self.greeting) ready": self = .ready(Array(lines.dropFirst()))
        case "\(Self.greeting) done": self = .done
        default: return nil
        }
    }

    /// The message as it is sent.
    var text: String {
        switch self {
        case .offer(let addresses): (["\(Self.greeting) offer"] + addresses).joined(separator: "\n")
        case .ready(let addresses): (["\(Self.greeting) ready"] + addresses).joined(separator: "\n")
        case .done: "\(Self.greeting) done"
        }
    }
}

/// Why a gateway does not take another one's place, or cannot offer its own.
package struct HandoverError: Error, CustomStringConvertible {
    /// What failed, and what to do.
    package let description: String
}
