import GatewayConfiguration
import Glibc

/// Checks that the addresses can be bound, and names the process that uses one.
struct ListenCheck {
    /// The name of a running gateway.
    private static let ownCommand = "hysteria-gateway"

    let results: [CheckResult]

    init(_ listen: [ListenAddress], _ redirect: ListenAddress?, environment: CheckEnvironment) {
        let named = listen.map { ("listen", $0) } + (redirect.map { [("redirect", $0)] } ?? [])
        results = named.flatMap { key, address in
            ListenCheck.results(key, address, environment)
        }
    }

    private static func results(
        _ key: String,
        _ address: ListenAddress,
        _ environment: CheckEnvironment
    ) -> [CheckResult] {
        guard let code = environment.bind(address) else { return [.ok("\(key) \(address): can be listened on")] }
        switch code {
        case EADDRINUSE:
            return [taken(key, address, environment)]
        case EACCES:
            return [
                // No failure: the unit that serves has what the shell that checks lacks.
                .warning(
                    "\(key) \(address): user '\(environment.configuration.user)' may not listen on ports below 1024 "
                        + "without CAP_NET_BIND_SERVICE: a systemd unit gives it with AmbientCapabilities, a shell does not"
                )
            ]
        case EADDRNOTAVAIL:
            return [
                .failure("\(key) \(address): this machine does not have the address (ip address lists those it has)")
            ]
        default:
            return [.failure("\(key) \(address): cannot be listened on: \(String(cString: strerror(code)))")]
        }
    }

    private static func taken(
        _ key: String,
        _ address: ListenAddress,
        _ environment: CheckEnvironment
    ) -> CheckResult {
        let holders = environment.listeners().filter {
            $0.address.overlaps(address) || $0.address == ListenAddress(host: "::", port: address.port)
        }
        guard !holders.isEmpty else {
            return .failure("\(key) \(address): in use, but the process that listens there is not visible")
        }
        // A listener on many threads has as many sockets.
        var words: [String] = []
        for holder in holders where !words.contains(holder.words) { words.append(holder.words) }
        let who = words.joined(separator: ", ")
        if holders.allSatisfy({ $0.process?.command == ownCommand }) {
            return .warning("\(key) \(address): a gateway is running already: \(who)")
        }
        let activation = SocketActivation(environment.configuration.files)
        return activation.result(key, address, holders, who) ?? .failure("\(key) \(address): taken by \(who)")
    }
}
