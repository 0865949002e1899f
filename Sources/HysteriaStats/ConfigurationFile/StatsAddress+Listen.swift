import Text

extension StatsAddress {
    /// Why a `trafficStats.listen` cannot be called.
    package struct ListenError: Error, Sendable, Hashable, CustomStringConvertible {
        /// What is wrong, and how it should look.
        package let description: String
    }

    /// Turns what Hysteria listens on into what this machine can call: "any address" becomes the loopback one.
    ///
    /// `:9999`, `127.0.0.1:9999`, `0.0.0.0:9999`, `[::1]:9999`, `[::]:9999` and `name:9999` are understood.
    package init(listen: String) throws(ListenError) {
        guard let colon = listen.lastIndex(of: ":") else {
            throw ListenError(description: "has no port; expected an address such as 127.0.0.1:9999")
        }
        let digits = listen[listen.index(after: colon)...]
        guard digits.utf8.count <= 5, digits.utf8.allSatisfy(\.isDigit), let port = Int(digits),
            (1...65535).contains(port)
        else {
            throw ListenError(description: "has no port from 1 to 65535 after the last colon")
        }
        try self.init(host: Self.callable(listen[..<colon]), port: port)
    }

    private static func callable(_ host: Substring) throws(ListenError) -> String {
        guard host.first != "[" else {
            guard host.last == "]", host.contains(":") else {
                throw ListenError(description: "has brackets that do not hold an IPv6 address")
            }
            let address = String(host.dropFirst().dropLast())
            return Self.isUnspecified(address) ? "::1" : address
        }
        guard !host.contains(":") else {
            throw ListenError(description: "has an IPv6 address without brackets; expected the form [::1]:9999")
        }
        // Go trims nothing and looks such names up, in vain.
        guard host.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f && $0 != 0x2f }) else {
            throw ListenError(description: "has a blank or a slash in its host")
        }
        return host.isEmpty || host == "0.0.0.0" ? "127.0.0.1" : String(host)
    }

    /// Whether an IPv6 address is `::`, however many zeros it is written with.
    private static func isUnspecified(_ address: String) -> Bool {
        address.utf8.allSatisfy { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "0") }
    }
}
