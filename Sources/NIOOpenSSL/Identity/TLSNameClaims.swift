import COpenSSL
import Glibc

/// Which identities of a set are for which names, and who comes too late.
struct TLSNameClaims {
    /// One group of identities for each context that is needed, by their indices; the first is for unknown names.
    private(set) var groups: [[Int]] = []

    /// Each name with the number of its group.
    private(set) var names: [(name: String, number: Int)] = []

    /// Claims that nothing comes of.
    private(set) var conflicts: [TLSIdentityProblem] = []

    init(_ identities: [TLSIdentity]) {
        var claimants: [[UInt8]: [Int]] = [:]
        var order: [(name: String, key: [UInt8])] = []
        for (index, identity) in identities.enumerated() {
            var own: Set<[UInt8]> = []
            for name in identity.leaf.names {
                let key = ServerNameTable.canonical(name)
                guard own.insert(key).inserted else { continue }
                let earlier = claimants[key, default: []]
                if earlier.isEmpty {
                    order.append((name, key))
                }
                let rival = earlier.first { identities[$0].leaf.keyAlgorithm == identity.leaf.keyAlgorithm }
                if let rival {
                    conflicts.append(identity.problem(.nameTaken(name, by: identities[rival].certificateSource)))
                } else {
                    claimants[key, default: []].append(index)
                }
            }
        }
        // No earlier identity can have taken a name of the first one: it is in the group of each of its names.
        let firstName = identities[0].leaf.names.first.map(ServerNameTable.canonical)
        groups = [firstName.flatMap { claimants[$0] } ?? [0]]
        for (name, key) in order {
            guard let group = claimants[key] else { continue }
            let number = groups.firstIndex(of: group) ?? groups.count
            if number == groups.count {
                groups.append(group)
            }
            names.append((name, number))
        }
    }
}

/// Addresses between the bytes in a certificate and the text that people write.
enum IPAddressText {
    /// Whether `text` is an address and not a host name.
    static func isAddress(_ text: String) -> Bool {
        guard let octets = a2i_IPADDRESS(text) else {
            OpenSSLErrorQueue.clear()
            return false
        }
        ASN1_OCTET_STRING_free(octets)
        return true
    }

    /// The text of 4 or 16 bytes; anything else, which no certificate should hold, in hexadecimal digits.
    static func text(of bytes: [UInt8]) -> String {
        let family: CInt
        switch bytes.count {
        case 4: family = AF_INET
        case 16: family = AF_INET6
        default: return bytes.map { String($0, radix: 16) }.joined(separator: ":")
        }
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(family, bytes, &buffer, socklen_t(buffer.count)) != nil else { return "" }
        return buffer.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }
}
