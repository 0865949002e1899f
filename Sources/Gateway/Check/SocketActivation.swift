import GatewayConfiguration

/// Whether systemd holds an address for the gateway (see "Restart and upgrade" in `docs/operations.md`).
struct SocketActivation {
    private static let unit = "hysteria-gateway.socket"
    /// Where `systemctl enable` notes it, which all users may read.
    private static let links = ["/etc", "/run"].map { "\($0)/systemd/system/sockets.target.wants/\(unit)" }

    private let isEnabled: Bool

    init(_ files: FileAccess) {
        isEnabled = Self.links.contains { files.target($0) != nil }
    }

    /// What to say of an address with these holders, in these words; nil where systemd is none of them.
    func result(
        _ key: String,
        _ address: ListenAddress,
        _ holders: [ListeningProcess],
        _ words: String
    ) -> CheckResult? {
        if holders.allSatisfy(\.isSystemd) {
            guard isEnabled else {
                return .failure(
                    "\(key) \(address): taken by \(words) for a socket unit (systemctl list-sockets says which); "
                        + "if it is \(Self.unit): systemctl enable \(Self.unit)"
                )
            }
            guard let other = holders.first(where: { !$0.hands(address) }) else {
                return .ok("\(key) \(address): held by \(words), which hands it to the gateway by \(Self.unit)")
            }
            return .failure(
                "\(key) \(address): \(words) holds \(other.address), which is another address: the ListenStream= of "
                    + "\(Self.unit) has to be the same (systemctl edit \(Self.unit))"
            )
        }
        guard isEnabled, holders.allSatisfy({ $0.process == nil && $0.user == "root" }) else { return nil }
        return .warning(
            "\(key) \(address): taken by \(words); it is systemd, and all is well, if \(Self.unit) is active "
                + "(systemctl is-active \(Self.unit))"
        )
    }
}

extension ListeningProcess {
    /// Whether it is the system's service manager.
    fileprivate var isSystemd: Bool { process == Identifier(number: 1, command: "systemd") }

    /// Whether its socket, handed over, is what an address of the configuration asks for.
    fileprivate func hands(_ wanted: ListenAddress) -> Bool {
        wanted.isServed(byHost: address.host ?? "::", port: address.port)
    }
}
