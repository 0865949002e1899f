import GatewayConfiguration
import HysteriaStats
import NIOCore

/// What tells one process of Hysteria from the next without asking it: the machine's boot, and the inode of the socket that
/// listens at the upstream's port.
///
/// It needs no privilege and no access to the process. It is worth something on Hysteria's own machine only: elsewhere the
/// listening socket is that of a tunnel.
enum HysteriaMark {
    /// /proc/sys/kernel/random/boot_id; nil where it cannot be read.
    static let bootID: String? = {
        guard let bytes = try? FileAccess.system.read("/proc/sys/kernel/random/boot_id", 64).get() else { return nil }
        let text = String(decoding: bytes, as: UTF8.self).prefix { !$0.isWhitespace }
        return text.isEmpty ? nil : String(text)
    }()

    /// The mark of who listens at this address; empty where that cannot be told.
    static func current(of address: StatsAddress) -> String {
        guard let bootID else { return "" }
        // The smallest is as good as any, and always the same.
        let inode = SocketTable.system().filter { $0.port == address.port }.map(\.inode).min()
        return inode.map { "\(bootID) \($0)" } ?? ""
    }

    /// Finds the mark away from the event loop, which is to wait for no file.
    static func current(of address: StatsAddress, on eventLoop: any EventLoop) -> EventLoopFuture<String> {
        let promise = eventLoop.makePromise(of: String.self)
        Task { promise.succeed(current(of: address)) }
        return promise.futureResult
    }
}
