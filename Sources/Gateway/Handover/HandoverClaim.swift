import Glibc
import NIOCore

/// The place of a running gateway, which this one is about to take.
struct HandoverClaim: Sendable {
    /// How long the other gateway may take to answer.
    private static let patience = 10

    /// Its listening sockets.
    let sockets: InheritedSockets
    private let predecessor: UnixSocket

    /// Asks the gateway that offers its listeners at a path; nil if there is none.
    static func find(at path: String) throws(HandoverError) -> HandoverClaim? {
        guard let predecessor = try connect(to: path) else { return nil }
        do {
            guard predecessor.peerUser == geteuid() else {
                throw HandoverError(description: "another user's process listens there")
            }
            predecessor.setTimeout(patience)
            let (text, descriptors) = try predecessor.receive()
            guard case .offer(let addresses) = HandoverMessage(text), addresses.count == descriptors.count else {
                for descriptor in descriptors { close(descriptor) }
                throw HandoverError(description: "what listens there does not offer them: \(text.prefix(100))")
            }
            return HandoverClaim(
                sockets: InheritedSockets(try descriptors.map { try InheritedSocket($0) }, areKept: false),
                predecessor: predecessor
            )
        } catch {
            throw HandoverError(description: "cannot take the listeners over at \(path): \(error)")
        }
    }

    /// Whether a gateway offers its listeners at a path.
    static func isOffered(at path: String) throws(HandoverError) -> Bool {
        try connect(to: path) != nil
    }

    private static func connect(to path: String) throws(HandoverError) -> UnixSocket? {
        do {
            return try UnixSocket.connect(to: path)
        } catch let error as IOError where error.errnoCode == ENOENT || error.errnoCode == ECONNREFUSED {
            // A killed gateway leaves a stale socket file, on which no process listens.
            return nil
        } catch {
            throw HandoverError(description: "cannot see whether a gateway offers its listeners at \(path): \(error)")
        }
    }

    /// Makes the other gateway stop accepting at these addresses, and drain. Returns when it does not.
    func complete(_ addresses: [String]) {
        // If it has ended in this very moment, its sockets are here all the same.
        try? predecessor.send(HandoverMessage.ready(addresses).text)
        _ = try? predecessor.receive()
    }
}
