import COpenSSL

/// A private key on the curve P-256 that signs as JWS wants it: ES256 (RFC 7518, 3.4).
///
/// Immutable once made, and OpenSSL counts references to it atomically: each signature has a context of its own.
package final class P256Key: @unchecked Sendable {
    /// The number of bytes of a coordinate, and of each half of a signature.
    private static let coordinateSize = 32

    private let key: OpaquePointer

    /// The public point, each coordinate in 32 bytes.
    package let x: [UInt8]
    package let y: [UInt8]

    /// A new key.
    package init() throws(P256KeyError) {
        guard let key = COpenSSL_EVP_EC_gen("P-256") else { throw .noKey }
        guard let x = Self.coordinate(OSSL_PKEY_PARAM_EC_PUB_X, of: key),
            let y = Self.coordinate(OSSL_PKEY_PARAM_EC_PUB_Y, of: key)
        else {
            EVP_PKEY_free(key)
            throw .noKey
        }
        (self.key, self.x, self.y) = (key, x, y)
    }

    /// The key of a PEM file; it has no passphrase.
    package init(pem: [UInt8]) throws(P256KeyError) {
        defer { ERR_clear_error() }
        let bio = pem.withUnsafeBytes { bytes in
            // A memory BIO of OpenSSL reads the bytes where they are: everything is done with it in here.
            let bio = BIO_new_mem_buf(bytes.baseAddress, CInt(clamping: bytes.count))
            defer { BIO_free(bio) }
            // Without a callback, OpenSSL would ask for a passphrase at the terminal.
            return PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in -1 }, nil)
        }
        guard let key = bio else { throw .unreadable }
        var name = [CChar](repeating: 0, count: 64)
        var length = 0
        guard EVP_PKEY_get_group_name(key, &name, name.count, &length) == 1,
            String(decoding: name.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self) == "prime256v1",
            let x = Self.coordinate(OSSL_PKEY_PARAM_EC_PUB_X, of: key),
            let y = Self.coordinate(OSSL_PKEY_PARAM_EC_PUB_Y, of: key)
        else {
            EVP_PKEY_free(key)
            throw .notP256
        }
        (self.key, self.x, self.y) = (key, x, y)
    }

    deinit { EVP_PKEY_free(key) }

    /// The key as PEM (PKCS #8), for a file that nobody else can read.
    package func pem() throws(P256KeyError) -> [UInt8] {
        guard let bio = BIO_new(BIO_s_mem()) else { throw .noKey }
        defer { BIO_free(bio) }
        guard PEM_write_bio_PrivateKey(bio, key, nil, nil, 0, nil, nil) == 1 else { throw .noKey }
        var start: UnsafePointer<CChar>?
        let count = COpenSSL_BIO_get_mem_data(bio, &start)
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// Signs with SHA-256: r and s, each in 32 bytes, whatever zeroes they begin with.
    package func sign(_ message: [UInt8]) throws(P256KeyError) -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else { throw .noSignature }
        defer { EVP_MD_CTX_free(context) }
        var der = [UInt8](repeating: 0, count: Int(EVP_PKEY_get_size(key)))
        var count = der.count
        guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1,
            EVP_DigestSign(context, &der, &count, message, message.count) == 1
        else { throw .noSignature }
        let signature = der.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            return d2i_ECDSA_SIG(nil, &start, count)
        }
        guard let signature else { throw .noSignature }
        defer { ECDSA_SIG_free(signature) }
        var halves: [UInt8] = []
        for half in [ECDSA_SIG_get0_r(signature), ECDSA_SIG_get0_s(signature)] {
            guard let bytes = Self.padded(half) else { throw .noSignature }
            halves += bytes
        }
        return halves
    }

    private static func coordinate(_ name: String, of key: OpaquePointer) -> [UInt8]? {
        var number: OpaquePointer?
        guard EVP_PKEY_get_bn_param(key, name, &number) == 1 else { return nil }
        defer { BN_free(number) }
        return padded(number)
    }

    private static func padded(_ number: OpaquePointer?) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: coordinateSize)
        return BN_bn2binpad(number, &bytes, CInt(coordinateSize)) == CInt(coordinateSize) ? bytes : nil
    }
}

/// Why there is no key or no signature. Without any of the key.
package enum P256KeyError: Error, Hashable, CustomStringConvertible {
    case noKey
    case noSignature
    case unreadable
    case notP256

    package var description: String {
        switch self {
        case .noKey: "OpenSSL could not make a key on P-256"
        case .noSignature: "OpenSSL could not sign"
        case .unreadable: "it is no private key as PEM without a passphrase"
        case .notP256: "it is no key on the curve P-256"
        }
    }
}
