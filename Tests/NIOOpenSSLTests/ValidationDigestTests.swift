import Testing

@testable import NIOOpenSSL

/// What is read of a certificate that answers a validation, right or wrong.
@Suite("The digest in the certificate of a validation")
struct ValidationDigestTests {
    private static let oid = "1.3.6.1.5.5.7.1.31"
    private static let digest = (0..<32).map { UInt8($0) }

    private func certificate(_ extensions: [(isCritical: Bool, der: [UInt8])]) throws -> TLSCertificate {
        let draft = try CertificateDraft(key: try PrivateKey.generateP256())
        try draft.setSubject(commonName: "validation")
        try draft.setValidity(fromNow: -3600, untilNow: 3600)
        for part in extensions { try draft.add(oid: Self.oid, isCritical: part.isCritical, der: part.der) }
        return try draft.signed()
    }

    @Test("is read from the certificate that is made here")
    func made() throws {
        #expect(try TLSIdentity.validation(for: "a.example", digest: Self.digest).leaf.validationDigest == Self.digest)
        #expect(try certificate([(true, [0x04, 0x20] + Self.digest)]).validationDigest == Self.digest)
    }

    @Test("is nothing where the extension is missing, not critical, there twice, or no OCTET STRING of 32 bytes")
    func wrong() throws {
        let right = [0x04, 0x20] + Self.digest
        #expect(try TLSIdentity.throwaway(names: ["a.example"]).leaf.validationDigest == nil)
        #expect(try certificate([]).validationDigest == nil)
        #expect(try certificate([(false, right)]).validationDigest == nil)
        #expect(try certificate([(true, right), (true, right)]).validationDigest == nil)
        let others: [[UInt8]] = [
            right + [0], Array(right.dropLast()), [0x0c, 0x20] + Self.digest, [0x04, 0x1f] + Self.digest, [0x04, 0x00],
            [],
        ]
        for der in others {
            #expect(try certificate([(true, der)]).validationDigest == nil)
        }
    }
}
