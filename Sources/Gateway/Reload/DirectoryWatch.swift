import Glibc
import NIOConcurrencyHelpers
import NIOCore
import NIOOpenSSL
import NIOPosix

/// Reports changes of names in directories at once, by inotify.
///
/// An aid, not a guarantee: network file systems report nothing, and a directory may not be readable. Its user must
/// poll as well.
final class DirectoryWatch: Sendable {
    private static let events =
        IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CLOSE_WRITE | IN_ATTRIB | IN_ONLYDIR

    /// The kernel's number of a watched directory.
    typealias Number = CInt

    /// A socket of a kind, closed with the channel that reads it.
    private let descriptor: CInt
    private let channel: any Channel
    private let names: NIOLockedValueBox<[Number: Set<String>]>

    /// Starts to watch nothing.
    ///
    /// - Parameter whenChanged: Called on the event loop when something has happened to a name that matters.
    init(on eventLoop: any EventLoop, whenChanged: @escaping @Sendable () -> Void) async throws {
        let descriptor = inotify_init1(CInt(IN_NONBLOCK) | CInt(IN_CLOEXEC))
        guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "inotify_init1") }
        let names = NIOLockedValueBox<[Number: Set<String>]>([:])
        do {
            channel = try await NIOPipeBootstrap(group: eventLoop)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let handler = DirectoryEventHandler(names: names, whenChanged: whenChanged)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                }
                .takingOwnershipOfDescriptor(input: descriptor)
                .get()
        } catch {
            Glibc.close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        self.names = names
    }

    /// Watches these names from now on, and no others.
    func watch(_ wanted: WatchedNames) {
        guard channel.isActive else { return }
        var watched: [Number: Set<String>] = [:]
        for (directory, entries) in wanted.names {
            // A directory that is watched already keeps its number; one that took its place gets another.
            let number = TimeLimitedCall.run { [descriptor] in
                inotify_add_watch(descriptor, directory, UInt32(Self.events))
            }
            if let number, number >= 0 { watched[number, default: []].formUnion(entries) }
        }
        names.withLockedValue { names in
            for number in names.keys where watched[number] == nil { inotify_rm_watch(descriptor, number) }
            names = watched
        }
    }

    /// Watches nothing any more.
    func close() async {
        try? await channel.close()
    }
}
