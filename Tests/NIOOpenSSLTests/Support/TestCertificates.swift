import COpenSSL
import Foundation
import NIOOpenSSL
import Testing

/// Makes certificates of every kind that tests need, on OpenSSL's own interface.
struct TestCertificates {
    /// The algorithm of a key.
    enum Algorithm: String, Sendable {
        case ecdsa = "EC"
        case rsa = "RSA"
    }

    /// A certificate with its key.
    final class Entity {
        let certificate: OpaquePointer
        let key: OpaquePointer

        init(certificate: OpaquePointer, key: OpaquePointer) {
            self.certificate = certificate
            self.key = key
        }

        deinit {
            X509_free(certificate)
            EVP_PKEY_free(key)
        }

        var certificatePEM: [UInt8] {
            TestCertificates.pem { PEM_write_bio_X509($0, certificate) }
        }

        var keyPEM: [UInt8] {
            TestCertificates.pem { PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) }
        }

        /// The identity with these certificates behind its own.
        func identity(chain: [Entity] = []) throws -> TLSIdentity {
            let pem = ([self] + chain).flatMap(\.certificatePEM)
            return try TLSIdentity(certificateChainPEM: pem, privateKeyPEM: keyPEM)
        }
    }

    /// Issues a certificate; without an issuer it vouches for itself.
    ///
    /// - Parameter validity: The first and the last second, counted from now.
    static func issue(
        _ subject: String,
        names: [String] = [],
        algorithm: Algorithm = .ecdsa,
        by issuer: Entity? = nil,
        isAuthority: Bool = false,
        validity: ClosedRange<Int> = -3600...86_400
    ) throws -> Entity {
        let key = try generate(algorithm)
        let certificate = try #require(X509_new())
        X509_set_version(certificate, 2)
        ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), UInt64.random(in: 1...(1 << 62)))
        X509_set_pubkey(certificate, key)
        X509_gmtime_adj(X509_getm_notBefore(certificate), validity.lowerBound)
        X509_gmtime_adj(X509_getm_notAfter(certificate), validity.upperBound)
        let name = X509_get_subject_name(certificate)
        X509_NAME_add_entry_by_txt(name, "CN", 0x1001, Array(subject.utf8), CInt(subject.utf8.count), -1, 0)
        X509_set_issuer_name(certificate, issuer.map { X509_get_subject_name($0.certificate) } ?? name)
        try add(NID_basic_constraints, "critical,CA:\(isAuthority ? "TRUE" : "FALSE")", to: certificate)
        if isAuthority { try add(NID_key_usage, "critical,keyCertSign,cRLSign", to: certificate) }
        if !isAuthority { try add(NID_ext_key_usage, "serverAuth", to: certificate) }
        // What an authority's keys are told apart by: verifiers that keep to RFC 5280 strictly insist on it.
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer?.certificate ?? certificate, certificate, nil, nil, 0)
        for (nid, value) in [(NID_subject_key_identifier, "hash"), (NID_authority_key_identifier, "keyid")] {
            let made = try #require(X509V3_EXT_conf_nid(nil, &context, nid, value))
            defer { X509_EXTENSION_free(made) }
            try #require(X509_add_ext(certificate, made, -1) == 1)
        }
        if !names.isEmpty {
            let list = names.map { $0.contains(":") || $0.first?.isNumber == true ? "IP:\($0)" : "DNS:\($0)" }
            try add(NID_subject_alt_name, list.joined(separator: ","), to: certificate)
        }
        try #require(X509_sign(certificate, issuer?.key ?? key, EVP_sha256()) > 0)
        return Entity(certificate: certificate, key: key)
    }

    private static func generate(_ algorithm: Algorithm) throws -> OpaquePointer {
        if algorithm == .ecdsa { return try #require(COpenSSL_EVP_EC_gen("P-256")) }
        let context = try #require(EVP_PKEY_CTX_new_from_name(nil, "RSA", nil))
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        try #require(EVP_PKEY_keygen_init(context) == 1 && EVP_PKEY_generate(context, &key) == 1)
        return try #require(key)
    }

    private static func add(_ nid: CInt, _ value: String, to certificate: OpaquePointer) throws {
        let made = try #require(X509V3_EXT_conf_nid(nil, nil, nid, value))
        defer { X509_EXTENSION_free(made) }
        try #require(X509_add_ext(certificate, made, -1) == 1)
    }

    private static func pem(_ write: (OpaquePointer?) -> CInt) -> [UInt8] {
        guard let bio = BIO_new(BIO_s_mem()) else { return [] }
        defer { BIO_free_all(bio) }
        guard write(bio) == 1 else { return [] }
        var start: UnsafePointer<CChar>?
        let count = COpenSSL_BIO_get_mem_data(bio, &start)
        return start.map { Array(UnsafeRawBufferPointer(start: $0, count: count)) } ?? []
    }
}
