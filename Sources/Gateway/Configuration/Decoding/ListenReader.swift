import NIOCore

/// Reads `listen` and `redirect`.
struct ListenReader {
    private static let expected = "an address with a port, such as \":443\" or \"127.0.0.1:8443\""

    private let top: YAMLMapping

    init(_ top: YAMLMapping) {
        self.top = top
    }

    /// The addresses; nil, and problems noted, where one of them cannot be used.
    func read() -> (listen: [ListenAddress], redirect: ListenAddress?)? {
        var taken: [(address: ListenAddress, line: Int?)] = []
        var isWhole = true

        if let value = top["listen"] {
            let values = value.isList ? value.list(of: "addresses") : [value]
            isWhole = values != nil
            for value in values ?? [] where !add(value, to: &taken) { isWhole = false }
        } else {
            taken = [(ListenAddress(host: nil, port: 443), nil)]
        }
        let listen = taken.map(\.address)

        guard let value = top["redirect"] else { return isWhole ? (listen, nil) : nil }
        guard add(value, to: &taken), isWhole else { return nil }
        return (listen, taken.last?.address)
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

    private func address(_ value: YAMLValue) -> ListenAddress? {
        guard let text = value.text(expected: ListenReader.expected) else { return nil }
        let parsed: AddressText
        do {
            parsed = try AddressText(text)
        } catch {
            value.fail("found \(Excerpt.quote(text))", expected: error.expected)
            return nil
        }
        if parsed.host.isEmpty { return ListenAddress(host: nil, port: parsed.port) }
        guard (try? SocketAddress(ipAddress: parsed.host, port: parsed.port)) != nil else {
            value.fail(
                "found \(Excerpt.quote(text))",
                expected: "an IP address of this machine, or \":\(parsed.port)\" for all of them"
            )
            return nil
        }
        return ListenAddress(host: parsed.host, port: parsed.port)
    }
}
