import COpenSSL
import Glibc

extension TLSIdentity {
    /// Makes a key and the certificate that answers a validation by TLS-ALPN-01 (RFC 8737, 3; RFC 8738, 6).
    ///
    /// It is self-signed and has two extensions and no others: the alternative names, with this one alone, and what was agreed on
    /// with the authority. Authorities compare both byte by byte.
    ///
    /// - Parameters:
    ///   - name: The host name that is validated, in lower case and without a wildcard, or the IP address.
    ///   - digest: The SHA-256 of the key authorization.
    package static func validation(for name: String, digest: [UInt8]) throws(TLSError) -> TLSIdentity {
        guard digest.count == 32 else { throw TLSError(.certificate, "a validation needs a digest of 32 bytes") }
        let key = try PrivateKey.generateP256()
        let draft = try CertificateDraft(key: key)
        try draft.setSubject(commonName: "ACME validation")
        // An hour back, as clocks differ, and for as long as an order can be pending.
        try draft.setValidity(fromNow: -3600, untilNow: 8 * 86_400)
        try draft.add(oid: "2.5.29.17", isCritical: false, der: try alternativeName(name))
        try draft.add(oid: "1.3.6.1.5.5.7.1.31", isCritical: true, der: [0x04, 32] + digest)
        return TLSIdentity(
            leaf: try draft.signed(),
            chain: [],
            key: key,
            certificateSource: "the certificate of a validation",
            keySource: "the key of a validation"
        )
    }

    /// GeneralNames (RFC 5280, 4.2.1.6) with one dNSName or iPAddress.
    private static func alternativeName(_ name: String) throws(TLSError) -> [UInt8] {
        let content: [UInt8]
        let tag: UInt8
        if let address = IPAddressText.bytes(of: name) {
            (tag, content) = (0x87, address)
        } else {
            let isName = name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                    UInt8(ascii: "."), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
            guard isName, (1...253).contains(name.utf8.count) else {
                throw TLSError(.certificate, "'\(name)' is neither a host name in lower case nor an IP address")
            }
            (tag, content) = (0x82, Array(name.utf8))
        }
        return der(0x30, der(tag, content))
    }

    /// A value of DER (X.690, 8.1) of less than 64 KiB.
    private static func der(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let count = content.count
        if count < 0x80 { return [tag, UInt8(count)] + content }
        if count < 0x100 { return [tag, 0x81, UInt8(count)] + content }
        return [tag, 0x82, UInt8(count >> 8), UInt8(count & 0xff)] + content
    }
}

extension IPAddressText {
    /// The 4 or 16 bytes of an address; nil for any other text.
    static func bytes(of text: String) -> [UInt8]? {
        // A zero byte would end the text early for the system.
        guard !text.utf8.contains(0) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 { return Array(bytes.prefix(4)) }
        return inet_pton(AF_INET6, text, &bytes) == 1 ? bytes : nil
    }
}
