import Glibc
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// One socket of a listener: the channel that accepts from it, and the next one where SwiftNIO gives that up.
///
/// SwiftNIO closes a listening channel for most errors of accept(2), including a firewall's refusal and errors of a
/// single connection, although the socket still works. So a duplicate descriptor is kept, from which a new channel is
/// made; callers wait in the kernel's queue meanwhile.
final class ListeningSocket: Sendable {
    /// Makes a channel that accepts from this descriptor, which it takes over, and does not read by itself.
    typealias Open = @Sendable (CInt) -> EventLoopFuture<any Channel>

    static let backlog: CInt = 4096

    private struct State {
        var channel: any Channel
        /// Of the socket; -1 once it is closed.
        var descriptor: CInt
        var isAccepting: Bool
        /// Not before this time is another channel made.
        var next: NIODeadline
    }

    /// Where it listens.
    let localAddress: SocketAddress?
    private let eventLoop: any EventLoop
    private let open: Open
    private let state: NIOLockedValueBox<State>

    /// Keeps a socket listening.
    ///
    /// - Parameters:
    ///   - channel: is to accept from it, once ``accepts(_:)`` says so, and does not read by itself.
    ///   - open: makes the channel that takes its place.
    static func keep(_ channel: any Channel, open: @escaping Open) async throws -> ListeningSocket {
        let descriptor = try await channel.eventLoop.submit {
            let duplicate = try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
                of: NIOBSDSocket.Handle.self
            ) { Self.duplicate($0) }
            guard let duplicate, duplicate >= 0 else { throw IOError(errnoCode: errno, reason: "fcntl") }
            return duplicate
        }.get()
        let socket = ListeningSocket(channel, descriptor, open: open)
        socket.watch(channel)
        return socket
    }

    private init(_ channel: any Channel, _ descriptor: CInt, open: @escaping Open) {
        localAddress = channel.localAddress
        eventLoop = channel.eventLoop
        self.open = open
        state = NIOLockedValueBox(
            State(channel: channel, descriptor: descriptor, isAccepting: false, next: .uptimeNanoseconds(0))
        )
    }

    /// The channel that accepts at present.
    var channel: any Channel { state.withLockedValue { $0.channel } }

    /// Does something to the socket; nil once it is closed.
    func withDescriptor<Result>(_ body: (CInt) -> Result) -> Result? {
        state.withLockedValue { $0.descriptor >= 0 ? body($0.descriptor) : nil }
    }

    /// Another descriptor of it, to be closed by the caller: negative if there is none left, nil once the socket is closed.
    func duplicate() -> CInt? { withDescriptor(Self.duplicate) }

    private static func duplicate(_ descriptor: CInt) -> CInt { fcntl(descriptor, F_DUPFD_CLOEXEC, 3) }

    /// Accepts, or leaves new connections in the queue.
    func accepts(_ isAccepting: Bool) async {
        let channel = state.withLockedValue { state in
            state.isAccepting = isAccepting
            return state.channel
        }
        try? await channel.setOption(.autoRead, value: isAccepting).get()
    }

    /// Stops listening. Connections that were accepted go on.
    func close() async {
        let (channel, descriptor) = state.withLockedValue { state in
            defer { state.descriptor = -1 }
            return (state.channel, state.descriptor)
        }
        if descriptor >= 0 { Glibc.close(descriptor) }
        try? await channel.close()
    }

    // MARK: Another channel

    private func watch(_ channel: any Channel) {
        channel.closeFuture.whenComplete { [self] _ in reopenLater() }
    }

    /// Makes another channel, at once if that has not been necessary for a while.
    private func reopenLater() {
        let now = eventLoop.now
        let due = state.withLockedValue { state -> NIODeadline? in
            guard state.descriptor >= 0 else { return nil }
            let due = max(state.next, now)
            state.next = due + AcceptErrorHandler.rest
            return due
        }
        guard let due else { return }
        eventLoop.scheduleTask(deadline: due) { [self] in reopen() }
    }

    private func reopen() {
        // Nil if the listener has been closed meanwhile.
        guard let duplicate = duplicate() else { return }
        guard duplicate >= 0 else { return reopenLater() }
        open(duplicate).whenComplete { [self] result in
            guard case .success(let channel) = result else { return reopenLater() }
            let isAccepting = state.withLockedValue { state -> Bool? in
                guard state.descriptor >= 0 else { return nil }
                // SwiftNIO has made it a short queue.
                _ = Glibc.listen(state.descriptor, Self.backlog)
                state.channel = channel
                return state.isAccepting
            }
            guard let isAccepting else { return channel.close(promise: nil) }
            watch(channel)
            if isAccepting { channel.setOption(.autoRead, value: true).whenComplete { _ in } }
        }
    }
}
