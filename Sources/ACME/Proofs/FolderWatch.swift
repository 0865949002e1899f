import Glibc
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// Reports that something has happened in one of some folders, by inotify.
///
/// An aid, not a guarantee: network file systems report nothing, and a folder may not be readable. Its user reads again from time to
/// time as well.
final class FolderWatch: Sendable {
    private static let events =
        IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CLOSE_WRITE | IN_ATTRIB | IN_ONLYDIR

    /// Closed with the channel that reads it.
    private let descriptor: CInt
    private let channel: any Channel
    private let numbers = NIOLockedValueBox<Set<CInt>>([])

    /// Starts to watch nothing. `whenChanged` is called on the event loop.
    init(on eventLoop: any EventLoop, whenChanged: @escaping @Sendable () -> Void) async throws {
        let descriptor = inotify_init1(CInt(IN_NONBLOCK) | CInt(IN_CLOEXEC))
        guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "inotify_init1") }
        do {
            channel = try await NIOPipeBootstrap(group: eventLoop)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(AnyEventHandler(whenChanged))
                    }
                }
                .takingOwnershipOfDescriptor(input: descriptor)
                .get()
        } catch {
            Glibc.close(descriptor)
            throw error
        }
        self.descriptor = descriptor
    }

    /// Watches these folders from now on, as far as they are there, and no others. What is in them is to be read after this.
    func watch(_ folders: [String]) {
        guard channel.isActive else { return }
        var watched: Set<CInt> = []
        for folder in folders {
            // A folder that is watched already keeps its number.
            let number = inotify_add_watch(descriptor, folder, UInt32(Self.events))
            if number >= 0 { watched.insert(number) }
        }
        numbers.withLockedValue { numbers in
            for number in numbers where !watched.contains(number) { inotify_rm_watch(descriptor, number) }
            numbers = watched
        }
    }

    func close() async {
        try? await channel.close()
    }
}

/// Whatever comes of inotify is a reason to look.
private final class AnyEventHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let whenChanged: @Sendable () -> Void

    init(_ whenChanged: @escaping @Sendable () -> Void) {
        self.whenChanged = whenChanged
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        whenChanged()
    }
}
