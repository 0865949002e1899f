/// A name of DNS as its labels, in lower case, without the root.
struct DNSName: Hashable, Sendable {
    private(set) var labels: [[UInt8]]

    /// A name of labels that came from the wire.
    init(labels: [[UInt8]]) {
        self.labels = labels.map { label in label.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 } }
    }

    /// A name that was checked before: what is to be proved.
    init?(_ identifier: Identifier) {
        guard case .name(let text) = identifier.proved else { return nil }
        self.init(labels: text.split(separator: ".").map { Array($0.utf8) })
    }

    /// The name above; nil above a name of one label.
    var parent: DNSName? {
        labels.count > 1 ? DNSName(labels: Array(labels.dropFirst())) : nil
    }

    /// As a message has it, without compression.
    var wire: [UInt8] {
        labels.flatMap { [UInt8($0.count)] + $0 } + [0]
    }
}

extension DNSName: CustomStringConvertible {
    /// As zone files write it, without the last dot (RFC 1035, 5.1).
    var description: String {
        labels.map { label in DNSText.escaped(label, quoting: [UInt8(ascii: "."), UInt8(ascii: "\\")]) }
            .joined(separator: ".")
    }
}

/// Bytes of DNS as text on one line.
enum DNSText {
    static func escaped(_ bytes: [UInt8], quoting quoted: [UInt8]) -> String {
        bytes.map { byte in
            guard (0x20...0x7e).contains(byte) else {
                return "\\" + String(repeating: "0", count: byte < 10 ? 2 : byte < 100 ? 1 : 0) + "\(byte)"
            }
            let letter = String(Character(Unicode.Scalar(byte)))
            return quoted.contains(byte) ? "\\" + letter : letter
        }.joined()
    }
}
