import Glibc

/// What a certificate is for: a name of DNS (RFC 8555, 9.7.7) or an address (RFC 8738).
package enum Identifier: Hashable, Sendable {
    /// A name in lower case with A-labels, without a final dot. Its first label may be `*`.
    case name(String)
    /// An address as RFC 5952 writes it, without brackets.
    case address(String)

    /// Reads a name or an address as people write it.
    package init(_ text: some StringProtocol) throws(IdentifierError) {
        let text = String(text)
        if let address = Self.address(text) {
            self = .address(address)
        } else {
            self = .name(try Self.name(text))
        }
    }

    /// What an authority sent, if it is an identifier of a kind that is known here.
    package init?(type: String, value: String) {
        guard let identifier = try? Identifier(value), identifier.type == type else { return nil }
        self = identifier
    }

    /// How it is called on the wire.
    package var type: String {
        switch self {
        case .name: "dns"
        case .address: "ip"
        }
    }

    /// What it is on the wire, and how people read it.
    package var value: String {
        switch self {
        case .name(let name): name
        case .address(let address): address
        }
    }

    package var isAddress: Bool { type == "ip" }

    package var isWildcard: Bool { value.hasPrefix("*.") }

    /// What has to be proved: of a wildcard, the name below which it holds (RFC 8555, 7.1.3).
    package var proved: Identifier {
        isWildcard ? .name(String(value.dropFirst(2))) : self
    }

    /// How its folder is called: nothing of it can lead out of a directory.
    package var fileName: String {
        let text = isWildcard ? "_wildcard" + value.dropFirst() : value
        return String(text.map { $0 == ":" ? "-" : $0 })
    }

    private static func name(_ text: String) throws(IdentifierError) -> String {
        var name = text.lowercased()
        if name.hasSuffix(".") { name.removeLast() }
        guard name.utf8.count <= 253 else { throw .tooLong }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        for (index, label) in labels.enumerated() {
            if label == "*", index == 0, labels.count > 2 { continue }
            guard !label.isEmpty, label.utf8.count <= 63 else { throw .labelLength(text) }
            for byte in label.utf8 {
                guard byte < 0x80 else { throw .notASCII(text) }
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    break
                default: throw .character(text)
                }
            }
            guard label.first != "-", label.last != "-" else { throw .character(text) }
        }
        // An address that inet_pton does not take is not a name either: no top-level domain consists of digits.
        guard labels.last?.allSatisfy(\.isNumber) == false else { throw .badAddress(text) }
        return name
    }
}

// MARK: Addresses

extension Identifier {
    /// The server name that an authority asks for while it validates (RFC 8737, 3; RFC 8738, 6): of an address, its reverse name.
    package var validationServerName: String {
        guard case .address(let text) = self, let bytes = Self.addressBytes(text) else { return proved.value }
        if bytes.count == 4 { return bytes.reversed().map { "\($0)." }.joined() + "in-addr.arpa" }
        return bytes.reversed()
            .map { "\(String($0 & 15, radix: 16)).\(String($0 >> 4, radix: 16))." }.joined() + "ip6.arpa"
    }

    /// What a certificate has for an address, in network order; nil for a name.
    package var addressBytes: [UInt8]? {
        guard case .address(let text) = self else { return nil }
        return Self.addressBytes(text)
    }

    private static func addressBytes(_ text: String) -> [UInt8]? {
        // A zero byte would end the text early for the system.
        guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 { return Array(bytes.prefix(4)) }
        return inet_pton(AF_INET6, text, &bytes) == 1 ? bytes : nil
    }

    /// The one text of an address (RFC 5952).
    private static func address(_ text: String) -> String? {
        guard let bytes = addressBytes(text) else { return nil }
        if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") }
        let groups = (0..<8).map { group -> Int in Int(bytes[2 * group]) * 256 + Int(bytes[2 * group + 1]) }
        // The first of the longest runs of zeroes, of two groups at least.
        var longest = 0..<0
        var start = 0
        while start < 8 {
            let end = groups[start...].firstIndex { $0 != 0 } ?? 8
            if end - start > max(1, longest.count) { longest = start..<end }
            start = max(end, start + 1)
        }
        func joined(_ range: Range<Int>) -> String {
            groups[range].map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard !longest.isEmpty else { return joined(0..<8) }
        return joined(0..<longest.lowerBound) + "::" + joined(longest.upperBound..<8)
    }
}

/// Why a text is no identifier.
package enum IdentifierError: Error, Hashable, CustomStringConvertible {
    case tooLong
    case labelLength(String)
    case notASCII(String)
    case character(String)
    case badAddress(String)

    package var description: String {
        switch self {
        case .tooLong: "the name is longer than 253 characters"
        case .labelLength(let text): "'\(text)' is no name: each part between dots has 1 to 63 characters"
        case .notASCII(let text):
            "'\(text)' has letters outside of ASCII: write it with A-labels, such as xn--bcher-kva.example"
        case .character(let text):
            "'\(text)' is no name: that is letters, digits and '-' between dots, and only the first part can be '*'"
        case .badAddress(let text): "'\(text)' is neither a name nor an IP address"
        }
    }
}
