import NIOCore

/// Reads `listen` and `redirect`.
struct ListenReader {
    static let keys = ["address", "clientCertificates"]

    private static let expected = "an address with a port, such as \":443\" or \"127.0.0.1:8443\""

    /// What could be read.
    struct Outcome {
        /// The addresses that serve HTTPS.
        let addresses: [ListenAddress]
        /// The same with what holds there; nil, and problems noted, where one of the rules cannot be used.
        let settings: [ListenSettings]?
        /// The address that sends plain HTTP callers to HTTPS.
        let redirect: ListenAddress?
    }

    private let top: YAMLMapping
    private let clientCertificates: ClientCertificatesReader

    init(_ top: YAMLMapping, _ files: ReferencedFiles) {
        self.top = top
        clientCertificates = ClientCertificatesReader(files)
    }

    /// The addresses; nil, and problems noted, where one of them cannot be used.
    func read() -> Outcome? {
        var taken: [(address: ListenAddress, line: Int?)] = []
        var rules: [(key: String, clientCertificates: ListenerClientCertificates?)] = []
        var isWhole = true

        if let value = top["listen"] {
            let values = value.isList ? value.list(of: "addresses") : [value]
            isWhole = values != nil
            for value in values ?? [] {
                let entry = entry(value)
                if entry.address.map({ add($0, to: &taken) }) != true { isWhole = false }
                rules.append((value.key ?? "listen", entry.clientCertificates))
            }
        } else {
            taken = [(ListenAddress(host: nil, port: 443), nil)]
            rules = [("listen", .inherited)]
        }
        let addresses = taken.map(\.address)

        if let value = top["redirect"], !add(value, to: &taken) { isWhole = false }
        guard isWhole else { return nil }
        let settings = zip(addresses, rules).compactMap { address, rule in
            rule.clientCertificates.map { ListenSettings(key: rule.key, address: address, clientCertificates: $0) }
        }
        return Outcome(
            addresses: addresses,
            settings: settings.count == addresses.count ? settings : nil,
            redirect: top["redirect"] == nil ? nil : taken.last?.address
        )
    }

    /// The parts of an entry of `listen`, which may be an address alone.
    private func entry(
        _ value: YAMLValue
    ) -> (address: YAMLValue?, clientCertificates: ListenerClientCertificates?) {
        guard value.isMapping else { return (value, .inherited) }
        guard let mapping = value.mapping(keys: Self.keys) else { return (nil, nil) }
        return (
            mapping.required("address", expected: Self.expected),
            clientCertificates.readOwn(mapping["clientCertificates"])
        )
    }

    /// Adds the address of a value unless it cannot be bound besides those before it.
    private func add(_ value: YAMLValue, to taken: inout [(address: ListenAddress, line: Int?)]) -> Bool {
        guard let address = address(value) else { return false }
        if let other = taken.first(where: { $0.address.overlaps(address) }) {
            let place = other.line.map { "line \($0)" } ?? "the default of 'listen'"
            value.fail("\(address) and \(other.address) (\(place)) cannot be bound both", expected: "another port")
            return false
        }
        taken.append((address, value.line))
        return true
    }

    /// What to write in place of a name, never wider than what was meant.
    private static func address(for name: AddressText, key: Substring) -> String {
        let (host, port) = (name.host.lowercased(), name.port)
        if host == "localhost" || host.hasSuffix(".localhost") {
            let list = key == "redirect" ? "" : ", or a list of both"
            return "\"127.0.0.1:\(port)\" for IPv4, \"[::1]:\(port)\" for IPv6\(list)"
        }
        if host == "*" { return "\":\(port)\" for all addresses of this machine" }
        let isAddress = host.contains(":") || host.allSatisfy { $0.isNumber || $0 == "." }
        if isAddress { return "an IP address of this machine" }
        return "an IP address of this machine, or \":\(port)\" for all of them; names stand in the certificates"
    }

    private func address(_ value: YAMLValue) -> ListenAddress? {
        guard let text = value.text(expected: ListenReader.expected) else { return nil }
        guard !text.isEmpty else {
            value.fail("found ''", expected: ListenReader.expected)
            return nil
        }
        let parsed: AddressText
        do {
            parsed = try AddressText(text)
        } catch {
            let meant = AddressMeant(text, for: .listening).expected
            let isWord = text.allSatisfy { $0.isLetter || $0.isNumber }
            value.fail(
                "found \(text.contains("@") ? AddressMeant.quote(text) : Excerpt.quote(text))",
                expected: meant ?? (isWord ? ListenReader.expected : error.expected)
            )
            return nil
        }
        if parsed.host.isEmpty { return ListenAddress(host: nil, port: parsed.port) }
        guard (try? SocketAddress(ipAddress: parsed.host, port: parsed.port)) != nil else {
            value.fail("found \(Excerpt.quote(text))", expected: Self.address(for: parsed, key: value.name))
            return nil
        }
        return ListenAddress(host: parsed.host, port: parsed.port)
    }
}
