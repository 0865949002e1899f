import COpenSSL
import NIOOpenSSL
import Testing

/// Makes certificate revocation lists for tests.
enum RevocationList {
    /// The list number `number` of an authority, in PEM form: nothing is revoked yet.
    static func pem(of authority: TLSIdentity, number: Int) throws -> [UInt8] {
        let key = try read(authority.privateKeyPEM) { PEM_read_bio_PrivateKey($0, nil, nil, nil) }
        defer { EVP_PKEY_free(key) }
        let certificate = try read(authority.certificateChainPEM) { PEM_read_bio_X509($0, nil, nil, nil) }
        defer { X509_free(certificate) }
        let list = try #require(X509_CRL_new())
        defer { X509_CRL_free(list) }
        let time = try #require(ASN1_TIME_new())
        defer { ASN1_TIME_free(time) }
        try #require(X509_CRL_set_version(list, 1) == 1)
        try #require(X509_CRL_set_issuer_name(list, X509_get_subject_name(certificate)) == 1)
        X509_gmtime_adj(time, 0)
        try #require(X509_CRL_set1_lastUpdate(list, time) == 1)
        X509_gmtime_adj(time, 86_400 + number)
        try #require(X509_CRL_set1_nextUpdate(list, time) == 1)
        try #require(X509_CRL_sign(list, key, EVP_sha256()) > 0)
        let bio = try #require(BIO_new(BIO_s_mem()))
        defer { BIO_free(bio) }
        try #require(PEM_write_bio_X509_CRL(bio, list) == 1)
        var start: UnsafePointer<CChar>?
        let count = COpenSSL_BIO_get_mem_data(bio, &start)
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    private static func read(_ pem: [UInt8], _ body: (OpaquePointer) -> OpaquePointer?) throws -> OpaquePointer {
        let bio = try #require(BIO_new_mem_buf(pem, CInt(pem.count)))
        defer { BIO_free(bio) }
        return try #require(body(bio))
    }
}
