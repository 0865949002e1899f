import NIOOpenSSL

/// Keys, signing requests and certificates as OpenSSL makes and reads them.
package struct OpenSSLCertificateTools: CertificateTools {
    package init() {}

    package func newKey() throws(CertificateToolsError) -> [UInt8] {
        do {
            return try CertificateKey().pem
        } catch {
            throw CertificateToolsError("\(error)")
        }
    }

    /// Names in subject alternative names only, and addresses as addresses (RFC 8555, 7.4; RFC 8738, 3).
    package func signingRequest(
        for identifiers: [Identifier],
        key: [UInt8]
    ) throws(CertificateToolsError) -> [UInt8] {
        do {
            return try CertificateKey(pem: key, source: "the key of the order")
                .signingRequest(names: identifiers.map(\.value))
        } catch {
            throw CertificateToolsError("\(error)")
        }
    }

    package func inspect(
        _ chain: [UInt8],
        key: [UInt8],
        identifiers: [Identifier],
        now: Int64
    ) throws(CertificateToolsError) -> IssuedCertificate {
        try IssuedCertificateCheck.check(chain, key: key, identifiers: identifiers, now: now)
    }
}
