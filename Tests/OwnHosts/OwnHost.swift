import NIOCore
import NIOPosix
import Synchronization

/// Addresses of this machine where nobody else listens: a port that the system has chosen there stays free when it is
/// closed, where at 127.0.0.1 the system may give it to the next test.
package enum OwnHost {
    private static let count = Atomic(0)

    /// Another one each time.
    package static func next() -> String {
        let number = count.wrappingAdd(1, ordering: .relaxed).newValue
        return "127.66.\(number / 250).\(number % 250 + 1)"
    }

    /// Waits until callers are refused at a port that has been closed.
    ///
    /// That is a little later than its closing where another test starts a program at the same time: until it is that
    /// program (execve(2)), a process has a copy of every socket, and the port stays open.
    package static func waitUntilRefused(_ host: String, _ port: Int) async {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        while let channel = try? await bootstrap.connect(host: host, port: port).get() { try? await channel.close() }
    }
}
