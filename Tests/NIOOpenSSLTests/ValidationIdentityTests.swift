import COpenSSL
import Testing

@testable import NIOOpenSSL

/// The certificate that answers a validation, against the bytes that authorities compare it with.
@Suite("The certificate of a validation")
struct ValidationIdentityTests {
    private struct Extension: Equatable {
        let oid: String
        let isCritical: Bool
        let value: [UInt8]
    }

    private let digest = (0..<32).map { UInt8($0) }

    private func extensions(of identity: TLSIdentity) throws -> [Extension] {
        let der = identity.leaf.der
        let certificate = try #require(
            der.withUnsafeBufferPointer { bytes in
                var start = bytes.baseAddress
                return d2i_X509(nil, &start, bytes.count)
            }
        )
        defer { X509_free(certificate) }
        #expect(X509_get_version(certificate) == 2)
        #expect(X509_verify(certificate, X509_get0_pubkey(certificate)) == 1)
        #expect(X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) == 0)
        return (0..<X509_get_ext_count(certificate)).map { index in
            let found = X509_get_ext(certificate, index)
            var name = [CChar](repeating: 0, count: 64)
            OBJ_obj2txt(&name, CInt(name.count), X509_EXTENSION_get_object(found), 1)
            let data = X509_EXTENSION_get_data(found)
            return Extension(
                oid: String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self),
                isCritical: X509_EXTENSION_get_critical(found) == 1,
                value: Array(
                    UnsafeBufferPointer(start: ASN1_STRING_get0_data(data), count: Int(ASN1_STRING_length(data)))
                )
            )
        }
    }

    @Test(
        "has two extensions and no others, byte by byte",
        arguments: [
            ("new.example", [0x30, 0x0d, 0x82, 0x0b] + Array("new.example".utf8)),
            ("192.0.2.1", [0x30, 0x06, 0x87, 0x04, 192, 0, 2, 1]),
            (
                "2001:db8::1",
                [0x30, 0x12, 0x87, 0x10, 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
            ),
        ] as [(String, [UInt8])]
    )
    func bytes(name: String, alternativeNames: [UInt8]) throws {
        let found = try extensions(of: .validation(for: name, digest: digest))
        #expect(
            found == [
                Extension(oid: "2.5.29.17", isCritical: false, value: alternativeNames),
                Extension(oid: "1.3.6.1.5.5.7.1.31", isCritical: true, value: [0x04, 0x20] + digest),
            ]
        )
    }

    @Test("has the lengths of a long name in two bytes")
    func longName() throws {
        let name = [String](repeating: String(repeating: "a", count: 49), count: 5).joined(separator: ".")
        #expect(name.utf8.count == 249)
        let found = try extensions(of: .validation(for: name, digest: digest))
        #expect(found[0].value == [0x30, 0x81, 0xfc, 0x82, 0x81, 0xf9] + Array(name.utf8))
    }

    @Test("has a key of its own each time, which OpenSSL serves with")
    func keys() throws {
        let first = try TLSIdentity.validation(for: "new.example", digest: digest)
        let second = try TLSIdentity.validation(for: "new.example", digest: digest)
        #expect(first.leaf != second.leaf)
        #expect(try first.privateKeyPEM != second.privateKeyPEM)
        _ = try TLSContext.challenge(identity: first)
    }

    @Test("is made for nothing else", arguments: ["", "*.example", "New.example", "a b", "a\u{0}b", "bücher.example"])
    func refused(name: String) {
        #expect(throws: TLSError.self) { try TLSIdentity.validation(for: name, digest: digest) }
    }

    @Test("needs a digest of 32 bytes", arguments: [0, 31, 33])
    func digestLength(count: Int) {
        let digest = [UInt8](repeating: 0, count: count)
        #expect(throws: TLSError.self) { try TLSIdentity.validation(for: "new.example", digest: digest) }
    }
}
