import Dispatch
import Glibc
import Logging
import NIOConcurrencyHelpers
import NIOCore

/// Offers a gateway's listening sockets, at a path, to one that is started to take its place.
final class HandoverOffer: Sendable {
    /// What another gateway has taken.
    struct Acceptance: Sendable {
        /// The addresses of the sockets.
        let addresses: Set<String>
        fileprivate let successor: UnixSocket

        /// Tells the other gateway that this one has stopped accepting there.
        func confirm() {
            // If it is not there to hear it, there is nothing left to do for it.
            try? successor.send(HandoverMessage.done.text)
        }
    }

    private struct State {
        var sockets: [(address: String, descriptor: CInt)] = []
        var candidate: UnixSocket?
        var isPublished = false
    }

    /// How long the other gateway may take to be ready.
    private static let patience = 60

    private let path: String
    private let draft: String
    private let socket: UnixSocket
    private let logger: Logger
    private let state = NIOLockedValueBox(State())
    private let sink: AsyncStream<Acceptance>.Continuation

    /// Yields when another gateway has taken over: at most once.
    let acceptances: AsyncStream<Acceptance>

    /// Prepares an offer, which is not visible yet.
    init(path: String, logger: Logger) throws(HandoverError) {
        self.path = path
        self.logger = logger
        draft = "\(path).\(getpid())"
        do {
            unlink(draft)
            socket = try UnixSocket.listen(at: draft)
        } catch {
            throw HandoverError(description: "cannot offer the listeners at \(path): \(error)")
        }
        (acceptances, sink) = AsyncStream.makeStream()
    }

    /// Offers sockets from now on, in the place of whatever was at the path.
    ///
    /// - Parameter sockets: Descriptors of its own, each with the address.
    func publish(_ sockets: [(address: String, descriptor: CInt)]) throws(HandoverError) {
        state.withLockedValue { $0.sockets = sockets }
        guard rename(draft, path) == 0 else {
            let reason = String(cString: strerror(errno))
            throw HandoverError(description: "cannot offer the listeners at \(path): \(reason)")
        }
        state.withLockedValue { $0.isPublished = true }
        // It waits in accept(2): a queue of its own has a thread of its own.
        DispatchQueue(label: "handover").async { [self] in
            while let candidate = socket.accept() {
                if let acceptance = negotiate(with: candidate) {
                    sink.yield(acceptance)
                    break
                }
            }
            sink.finish()
        }
    }

    /// Ends the offer.
    ///
    /// - Returns: whether another process has the sockets and may be about to accept from them.
    @discardableResult
    func close(isTaken: Bool = false) -> Bool {
        unlink(draft)
        return state.withLockedValue { state in
            // The path is another gateway's before this one has published, and the successor's after it.
            if state.isPublished, !isTaken { unlink(path) }
            socket.shutDown()
            for socket in state.sockets { Glibc.close(socket.descriptor) }
            state.sockets = []
            guard let candidate = state.candidate else { return false }
            if !isTaken { candidate.shutDown() }
            return true
        }
    }

    /// Sends the sockets, and waits for the receiver; nil if it does not take over.
    private func negotiate(with candidate: UnixSocket) -> Acceptance? {
        guard candidate.peerUser == geteuid() else {
            logger.warning("a process of another user asked for the listeners and was refused")
            return nil
        }
        candidate.setTimeout(Self.patience)
        do {
            try state.withLockedValue { state in
                guard !state.sockets.isEmpty else { return }
                let offer = HandoverMessage.offer(state.sockets.map(\.address))
                try candidate.send(offer.text, with: state.sockets.map(\.descriptor))
                state.candidate = candidate
            }
            if case .ready(let addresses) = HandoverMessage(try candidate.receive().text) {
                return Acceptance(addresses: Set(addresses), successor: candidate)
            }
        } catch {
            logger.notice("another gateway did not take over", metadata: ["reason": "\(error)"])
        }
        state.withLockedValue { $0.candidate = nil }
        return nil
    }
}

extension AsyncStream {
    /// A stream in which nothing comes.
    static var finished: AsyncStream { AsyncStream { $0.finish() } }
}
