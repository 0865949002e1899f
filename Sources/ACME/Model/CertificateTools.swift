/// What is done with keys and certificates, apart so that tests in virtual time need none.
package protocol CertificateTools: Sendable {
    /// A new P-256 key, as PEM. Each certificate has its own.
    func newKey() throws(CertificateToolsError) -> [UInt8]

    /// The DER of a request for all of these, as subject alternative names only, signed by the key.
    func signingRequest(for identifiers: [Identifier], key: [UInt8]) throws(CertificateToolsError) -> [UInt8]

    /// Checks what an authority sent before any of it is written: the leaf has this key and exactly these names, holds now, and its
    /// chain is whole and short.
    func inspect(
        _ chain: [UInt8],
        key: [UInt8],
        identifiers: [Identifier],
        now: Int64
    ) throws(CertificateToolsError) -> IssuedCertificate
}

/// What is known of a certificate that has been checked.
package struct IssuedCertificate: Hashable, Sendable {
    /// In hexadecimal.
    package var serial: String
    /// What renewal information is asked by (RFC 9773, 4.1); nil if the certificate names no key of its issuer.
    package var certID: String?
    /// Seconds since 1970.
    package var notBefore: Int64
    package var notAfter: Int64

    package init(serial: String, certID: String?, notBefore: Int64, notAfter: Int64) {
        self.serial = serial
        self.certID = certID
        self.notBefore = notBefore
        self.notAfter = notAfter
    }
}

/// Why a key, a request or a certificate is not to be used.
package struct CertificateToolsError: Error, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
