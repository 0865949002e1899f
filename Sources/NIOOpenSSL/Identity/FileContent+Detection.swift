import COpenSSL

extension FileContent {
    /// Finds out what `bytes` are.
    init(_ bytes: [UInt8]) {
        defer { OpenSSLErrorQueue.clear() }
        if bytes.allSatisfy({ $0 == 0x20 || (0x09...0x0D).contains($0) }) {
            self = .empty
        } else if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) || Self.alternatesWithZero(bytes)
        {
            self = .utf16
        } else if bytes.starts(with: [0xFE, 0xED, 0xFE, 0xED]) {
            self = .javaKeyStore
        } else if bytes[0] == 0x30, let binary = Self.binary(bytes) {
            self = binary
        } else {
            self = PEMOutline(bytes).content
        }
    }

    private static func alternatesWithZero(_ bytes: [UInt8]) -> Bool {
        bytes.count > 7 && (bytes[1] == 0 && bytes[3] == 0 || bytes[0] == 0 && bytes[2] == 0) && bytes[0] != 0x30
    }

    private static func binary(_ bytes: [UInt8]) -> FileContent? {
        func reads<Object>(
            _ read: (UnsafeMutablePointer<UnsafePointer<UInt8>?>, Int) -> Object?,
            _ free: (Object?) -> Void
        ) -> Bool {
            bytes.withUnsafeBufferPointer { buffer in
                var start = buffer.baseAddress
                let object = read(&start, buffer.count)
                free(object)
                return object != nil
            }
        }
        if reads({ d2i_PKCS12(nil, $0, $1) }, { PKCS12_free($0) }) { return .pkcs12 }
        if reads({ d2i_PKCS7(nil, $0, $1) }, { PKCS7_free($0) }) { return .pkcs7(isPEM: false) }
        if reads({ d2i_X509(nil, $0, $1) }, { X509_free($0) }) { return .derCertificate }
        if reads({ d2i_X509_CRL(nil, $0, $1) }, { X509_CRL_free($0) }) { return .derRevocationList }
        if reads({ d2i_X509_REQ(nil, $0, $1) }, { X509_REQ_free($0) }) { return .signingRequest }
        if reads({ d2i_PUBKEY(nil, $0, $1) }, { EVP_PKEY_free($0) }) { return .publicKey }
        if reads({ d2i_AutoPrivateKey(nil, $0, $1) }, { EVP_PKEY_free($0) }) { return .derKey }
        return reads({ d2i_X509_SIG(nil, $0, $1) }, { X509_SIG_free($0) }) ? .encryptedKey : nil
    }
}
