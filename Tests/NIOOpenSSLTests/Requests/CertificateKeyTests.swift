import COpenSSL
import Testing

@testable import NIOOpenSSL

@Suite("A signing request")
struct CertificateKeyTests {
    /// What OpenSSL's own program says of a request.
    private func text(_ der: [UInt8]) throws -> String {
        var start: UnsafePointer<UInt8>?
        return try der.withUnsafeBufferPointer { bytes in
            start = bytes.baseAddress
            let request = try #require(d2i_X509_REQ(nil, &start, bytes.count))
            defer { X509_REQ_free(request) }
            try #require(X509_REQ_verify(request, X509_REQ_get0_pubkey(request)) == 1, "it is signed by its own key")
            let bio = try MemoryBIO()
            try #require(X509_REQ_print(bio.pointer, request) == 1)
            return bio.text
        }
    }

    @Test("asks for names and addresses as what they are, with an empty subject")
    func names() throws {
        let names = ["my.example.org", "*.example.org", "192.0.2.1", "2001:db8::1"]
        let text = try text(try CertificateKey().signingRequest(names: names))
        #expect(text.contains("Subject: \n"))
        #expect(
            text.contains(
                "DNS:my.example.org, DNS:*.example.org, IP Address:192.0.2.1, IP Address:2001:DB8:0:0:0:0:0:1"
            )
        )
        #expect(text.contains("ASN1 OID: prime256v1"))
        #expect(text.contains("Signature Algorithm: ecdsa-with-SHA256"))
        #expect(!text.contains("CN"))
    }

    @Test("takes a name longer than a common name could be")
    func longName() throws {
        let name = String(repeating: "a", count: 63) + "." + String(repeating: "b", count: 63) + ".example.org"
        #expect(try text(try CertificateKey().signingRequest(names: [name])).contains("DNS:\(name)"))
    }

    @Test(
        "takes nothing that is no name",
        arguments: [[], [""], ["a b"], ["a,DNS:b"], ["a:b"], ["é.example"], ["a\n"], ["email:copy"]] as [[String]]
    )
    func refused(names: [String]) throws {
        let key = try CertificateKey()
        #expect(throws: TLSError.self) { try key.signingRequest(names: names) }
    }

    @Test("has a new key each time, which survives being written, and shows nothing of itself")
    func keys() throws {
        let (one, other) = (try CertificateKey(), try CertificateKey())
        #expect(try one.pem != other.pem)
        #expect(try CertificateKey(pem: one.pem, source: "a").pem == one.pem)
        #expect("\(one)" == "a private key")
        #expect(Mirror(reflecting: one).children.isEmpty)
        #expect(throws: TLSError.self) { try CertificateKey(pem: Array("-----BEGIN".utf8), source: "a") }
    }
}

@Suite("What an authority calls a certificate by")
struct CertificateIdentifierTests {
    private func certificate(serial: String, keyIdentifier: String?) throws -> TLSCertificate {
        let key = try PrivateKey.generateP256()
        let certificate = try #require(X509_new())
        X509_set_version(certificate, 2)
        X509_set_pubkey(certificate, key.pointer)
        X509_gmtime_adj(X509_getm_notBefore(certificate), 0)
        X509_gmtime_adj(X509_getm_notAfter(certificate), 3600)
        var number: OpaquePointer?
        BN_hex2bn(&number, serial)
        defer { BN_free(number) }
        BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate))
        if let keyIdentifier {
            // SEQUENCE { [0] keyIdentifier }
            let bytes = (0..<keyIdentifier.utf8.count / 2).map { index in
                UInt8(keyIdentifier.dropFirst(2 * index).prefix(2), radix: 16) ?? 0
            }
            let value = [0x30, UInt8(bytes.count + 2), 0x80, UInt8(bytes.count)] + bytes
            let data = ASN1_OCTET_STRING_new()
            defer { ASN1_OCTET_STRING_free(data) }
            ASN1_OCTET_STRING_set(data, value, CInt(value.count))
            let made = try #require(X509_EXTENSION_create_by_NID(nil, NID_authority_key_identifier, 0, data))
            defer { X509_EXTENSION_free(made) }
            X509_add_ext(certificate, made, -1)
        }
        try #require(X509_sign(certificate, key.pointer, EVP_sha256()) > 0)
        return TLSCertificate(owning: certificate)
    }

    /// RFC 9773, appendix A, where the whole identifier is `aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE`.
    @Test("is as RFC 9773 has it, with the zero byte of a serial number that would be negative")
    func example() throws {
        let leaf = try certificate(serial: "87654321", keyIdentifier: "69885b6b87464041e1b37b847ba0ae2cde01c8d4")
        #expect(leaf.serialBytes == [0x00, 0x87, 0x65, 0x43, 0x21])
        #expect(
            leaf.authorityKeyIdentifier == [
                0x69, 0x88, 0x5b, 0x6b, 0x87, 0x46, 0x40, 0x41, 0xe1, 0xb3, 0x7b, 0x84, 0x7b, 0xa0, 0xae, 0x2c, 0xde,
                0x01, 0xc8, 0xd4,
            ]
        )
    }

    @Test("is nothing where there is nothing")
    func absent() throws {
        #expect(try certificate(serial: "01", keyIdentifier: nil).authorityKeyIdentifier == nil)
        #expect(try certificate(serial: "01", keyIdentifier: "").authorityKeyIdentifier == nil)
        #expect(try certificate(serial: "7f", keyIdentifier: nil).serialBytes == [0x7f])
        #expect(try certificate(serial: "00", keyIdentifier: nil).serialBytes == [0x00])
        let long = String(repeating: "7f", count: 20)
        #expect(try certificate(serial: long, keyIdentifier: nil).serialBytes?.count == 20)
        #expect(try certificate(serial: long + "01", keyIdentifier: nil).serialBytes == nil)
    }
}
