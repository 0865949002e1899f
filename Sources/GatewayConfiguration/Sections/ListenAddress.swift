import NIOCore

/// An address to listen on: a port, and either one IP address of this machine or all of them.
package struct ListenAddress: Sendable, Hashable {
    /// The IP address without brackets, as the system writes it; nil for all addresses of the machine, IPv4 and IPv6.
    package let host: String?
    /// The port; 0 lets the system choose one.
    package let port: Int

    /// Makes an address; nothing is looked up.
    package init(host: String?, port: Int) {
        // An IPv6 address can be written in many ways.
        self.host = host.map { host in (try? SocketAddress(ipAddress: host, port: 0))?.ipAddress ?? host }
        self.port = port
    }

    /// Whether nothing can be bound to this address while the other one is bound.
    package func overlaps(_ other: ListenAddress) -> Bool {
        guard port == other.port, port != 0 else { return false }
        guard let host, let otherHost = other.host, host != otherHost else { return true }
        let isIPv6 = host.contains(":")
        guard isIPv6 == otherHost.contains(":") else { return false }
        let all = isIPv6 ? "::" : "0.0.0.0"
        return host == all || otherHost == all
    }

    /// Whether a socket that is bound to this address is the one that is asked for here.
    ///
    /// - Parameter bound: The IP address, as the system writes it.
    package func isServed(byHost bound: String, port: Int) -> Bool {
        guard port == self.port else { return false }
        guard let host else { return bound == "::" || bound == "0.0.0.0" }
        return bound == host
    }
}

extension ListenAddress: CustomStringConvertible {
    /// As the configuration writes it: `:443`, `127.0.0.1:8443`, `[::1]:443`.
    package var description: String {
        guard let host else { return ":\(port)" }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

/// The addresses that a configuration listens on, as far as they could be read, whatever else holds at them.
package struct ListenAddresses: ConfigurationKey {
    package typealias Value = ListenAddresses
    package static let key = "listen[].address"

    /// What an address has to be.
    package static let expected = "an address with a port, such as \":443\" or \"127.0.0.1:8443\""

    /// An address, and the line that names it.
    package struct Taken {
        package let address: ListenAddress
        /// Nil for the default.
        package let line: Int?
    }

    /// Those that could be read.
    package private(set) var taken: [Taken] = []
    /// Whether these are all of them.
    package var isWhole = true

    package init(taken: [Taken] = []) {
        self.taken = taken
    }

    /// All of them; nil where one could not be read.
    package var all: [ListenAddress]? { isWhole ? taken.map(\.address) : nil }

    /// Adds the address of a value; nil, and a problem noted, where it cannot be bound besides those before it.
    package mutating func add(_ value: YAMLValue) -> ListenAddress? {
        guard let address = Self.address(value) else { return nil }
        if let other = taken.first(where: { $0.address.overlaps(address) }) {
            let place = other.line.map { "line \($0)" } ?? "the default of 'listen'"
            value.fail("\(address) and \(other.address) (\(place)) cannot be bound both", expected: "another port")
            return nil
        }
        taken.append(Taken(address: address, line: value.line))
        return address
    }

    private static func address(_ value: YAMLValue) -> ListenAddress? {
        guard let text = value.text(expected: expected) else { return nil }
        guard !text.isEmpty else {
            value.fail("found ''", expected: expected)
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
                expected: meant ?? (isWord ? expected : error.expected)
            )
            return nil
        }
        if parsed.host.isEmpty { return ListenAddress(host: nil, port: parsed.port) }
        guard (try? SocketAddress(ipAddress: parsed.host, port: parsed.port)) != nil else {
            value.fail("found \(Excerpt.quote(text))", expected: address(for: parsed, key: value.name))
            return nil
        }
        return ListenAddress(host: parsed.host, port: parsed.port)
    }

    /// What to write in place of a name, never wider than what was meant.
    private static func address(for name: AddressText, key: Substring) -> String {
        let (host, port) = (name.host.lowercased(), name.port)
        if host == "localhost" || host.hasSuffix(".localhost") {
            let list = key == RedirectSection.key[...] ? "" : ", or a list of both"
            return "\"127.0.0.1:\(port)\" for IPv4, \"[::1]:\(port)\" for IPv6\(list)"
        }
        if host == "*" { return "\":\(port)\" for all addresses of this machine" }
        let isAddress = host.contains(":") || host.allSatisfy { $0.isNumber || $0 == "." }
        if isAddress { return "an IP address of this machine" }
        return "an IP address of this machine, or \":\(port)\" for all of them; host names belong in the certificates"
    }
}
