import COpenSSL

/// Why clients reject the certificate of a server, apart from its chain. The named clients were tested.
struct LeafInspection {
    typealias Kind = TLSIdentityProblem.Kind

    /// The longest lifetime that Apple's systems take, whoever issued the certificate, in seconds.
    private static let longestLife: Int64 = 825 * 86_400
    /// 2019-07-01: certificates from before are spared.
    private static let longestLifeBegan: Int64 = 1_561_939_200

    private let leaf: TLSCertificate

    init(_ leaf: TLSCertificate) {
        self.leaf = leaf
    }

    /// What is the matter, the worst first.
    var problems: [Kind] {
        defer { OpenSSLErrorQueue.clear() }
        return [key, usage, purpose, stapling, lifetime].compactMap { $0 } + extensions + names + authority
    }

    /// TLS 1.3 has signatures for three curves (RFC 8446, 4.2.3), and clients of TLS 1.2 name no other curves.
    private var key: Kind? {
        let words = leaf.publicKeyDescription.split(separator: " ")
        switch words.first {
        case "EC":
            switch words.last {
            case "prime256v1", "secp384r1": return nil
            case "secp521r1": return .keyOfFew(refusers: "Chrome, and whatever else uses BoringSSL, refuses")
            default: return .keyOfNobody
            }
        case "RSA":
            guard words.count > 1, let bits = Int(words[1]), bits > 8192 else { return nil }
            return .keyOfFew(refusers: "programs in Go refuse")
        case "RSA-PSS": return .keyOfFew(refusers: "Chrome, Safari and programs in Go refuse")
        case "ED25519": return .keyOfFew(refusers: "browsers refuse")
        case "ED448": return .keyOfFew(refusers: "browsers and programs in Go refuse")
        default: return .keyOfNobody
        }
    }

    /// OpenSSL, Go and Firefox are content with other usages; Chrome and Java insist on the one that a handshake needs.
    private var usage: Kind? {
        let usage = X509_get_key_usage(leaf.pointer)
        if usage & UInt32(KU_DIGITAL_SIGNATURE) != 0 { return nil }
        return .noSignatureUsage(isUsable: usage & UInt32(KU_KEY_ENCIPHERMENT | KU_KEY_AGREEMENT) != 0)
    }

    private var purpose: Kind? {
        switch leaf.serverPurpose {
        case .named: nil
        case .any: .anyPurpose
        case .other: .notForServers
        case .unsaid: .noPurpose
        }
    }

    private var stapling: Kind? {
        // As a critical extension, no client knows it.
        leaf.unknownCriticalExtension == nil && COpenSSL_X509_requires_stapling(leaf.pointer) == 1 ? .mustStaple : nil
    }

    private var lifetime: Kind? {
        let life = leaf.notAfter - leaf.notBefore
        guard life > Self.longestLife, leaf.notBefore >= Self.longestLifeBegan else { return nil }
        return .longLived(days: Int(life / 86_400))
    }

    private var extensions: [Kind] {
        leaf.unknownCriticalExtension.map { [.unknownCriticalExtension($0)] } ?? []
    }

    private var names: [Kind] {
        guard !leaf.names.isEmpty else { return [.noNames(commonName: leaf.commonName)] }
        return leaf.names.filter { !isUseful($0) }.map { .uselessName($0) }
    }

    /// Whether a client that calls a server by this name takes the certificate for its own.
    private func isUseful(_ name: String) -> Bool {
        let isWildcard = name.hasPrefix("*.")
        let isHost = name.utf8.dropFirst(isWildcard ? 1 : 0).allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                true
            default:
                false
            }
        }
        guard isHost || IPAddressText.isAddress(name) else { return false }
        return leaf.covers(name: isWildcard ? "a" + name.dropFirst() : name)
    }

    /// OpenSSL, Go and Java take the certificate of an authority for that of a server; Firefox and rustls do not.
    private var authority: [Kind] {
        X509_get_extension_flags(leaf.pointer) & UInt32(EXFLAG_CA) != 0 ? [.authorityAsLeaf] : []
    }
}
