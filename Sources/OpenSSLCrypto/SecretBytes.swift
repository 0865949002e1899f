import COpenSSL

/// Operations on secret bytes.
package enum SecretBytes {
    /// Random bytes, from OpenSSL.
    package static func random(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        // A token of bytes that are not random can be guessed.
        precondition(RAND_bytes(&bytes, CInt(count)) == 1, "OpenSSL has no random bytes to give")
        return bytes
    }

    /// 0 where the first `count` bytes of both are the same, and 1 to 255 otherwise. How long it takes tells nothing of what they are.
    package static func difference(
        _ left: UnsafeRawBufferPointer,
        _ right: UnsafeRawBufferPointer,
        count: Int
    ) -> CInt {
        precondition(left.count >= count && right.count >= count, "fewer bytes than are to be compared")
        return CRYPTO_memcmp(left.baseAddress, right.baseAddress, count)
    }

    /// Overwrites bytes that are not needed any more. No compiler takes that out.
    package static func cleanse(_ bytes: UnsafeMutableRawBufferPointer) {
        OPENSSL_cleanse(bytes.baseAddress, bytes.count)
    }
}
