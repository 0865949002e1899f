import GatewayConfiguration
import Glibc
import NIOCore

/// What a service manager has prepared for this process, by the conventions of systemd (sd_listen_fds(3), sd_notify(3)).
package struct ServiceEnvironment: Sendable {
    /// Something that it has passed on is unusable.
    package struct EnvironmentError: Error, CustomStringConvertible {
        /// What, and why.
        package let description: String

        init(description: String) {
            self.description = description
        }

        /// A socket from which no connection would be accepted.
        init(unwanted address: SocketAddress) {
            self.init(
                description: "the service manager hands over a socket on \(address.ipAddress ?? "-") port "
                    + "\(address.port ?? 0), which the configuration does not have: ListenStream= of the socket unit and "
                    + "'listen' and 'redirect' have to name the same addresses"
            )
        }
    }

    /// The first descriptor that a service manager hands over.
    private static let firstDescriptor: CInt = 3
    private static let names = [
        "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC",
    ]

    /// The service manager to notify.
    package let notifier: ServiceNotifier
    /// The sockets that it listens on.
    package let sockets: InheritedSockets

    /// Reads the environment and clears it: what it says is for this process, not for those it might start.
    package static func take() throws(EnvironmentError) -> ServiceEnvironment {
        let variables = EnvironmentVariables.values(of: names)
        for name in names { unsetenv(name) }
        return try ServiceEnvironment(variables, process: getpid())
    }

    init(_ variables: [String: String], process: pid_t) throws(EnvironmentError) {
        notifier = ServiceNotifier(
            path: variables["NOTIFY_SOCKET"].flatMap { $0.hasPrefix("/") || $0.hasPrefix("@") ? $0 : nil },
            watchdog: Self.watchdog(variables, process)
        )
        sockets = InheritedSockets(try Self.sockets(variables, process), areKept: true)
    }

    private static func watchdog(_ variables: [String: String], _ process: pid_t) -> Duration? {
        if let number = variables["WATCHDOG_PID"], number != "\(process)" { return nil }
        return variables["WATCHDOG_USEC"].flatMap(Int64.init).flatMap { $0 > 0 ? .microseconds($0) : nil }
    }

    private static func sockets(_ variables: [String: String], _ process: pid_t) throws(EnvironmentError)
        -> [InheritedSocket]
    {
        // Without the number, or with another one, it is meant for a process further up.
        guard let count = variables["LISTEN_FDS"], variables["LISTEN_PID"] == "\(process)" else { return [] }
        guard let count = CInt(count), (0...1024).contains(count) else {
            throw EnvironmentError(description: "LISTEN_FDS is '\(count)', not a number of sockets")
        }
        do throws(InheritedSocket.AdoptionError) {
            return try (firstDescriptor..<firstDescriptor + count).map { number throws(InheritedSocket.AdoptionError) in
                try InheritedSocket(number)
            }
        } catch {
            throw EnvironmentError(
                description: "a socket that the service manager hands over cannot be used: \(error) "
                    + "(a socket unit needs ListenStream= with a port, and no Accept=yes)"
            )
        }
    }
}
