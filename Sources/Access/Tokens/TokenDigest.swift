import OpenSSLCrypto
import Text

/// The SHA-256 of a token: all that the gateway keeps of it.
package struct TokenDigest: Hashable, Sendable {
    /// The number of bytes of a digest.
    package static let byteCount = SHA256.byteCount

    /// What stands before the digits in the configuration.
    package static let prefix = "sha256:"

    // Four words instead of an array: a digest lives on the stack and in a table without indirection.
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// A digest of zeros, to be filled in.
    package init() {}

    /// Reads `sha256:` and 64 hexadecimal digits; anything else gives nil.
    package init?(text: String) {
        guard text.hasPrefix(TokenDigest.prefix) else { return nil }
        let digits = Array(text.utf8.dropFirst(TokenDigest.prefix.utf8.count))
        guard digits.count == 2 * TokenDigest.byteCount else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[index].hexDigitValue, let low = digits[index + 1].hexDigitValue
            else { return nil }
            bytes.append(high << 4 | low)
        }
        withUnsafeMutableBytes { $0.copyBytes(from: bytes) }
    }

    /// The digest as the configuration keeps it: `sha256:` and 64 hexadecimal digits.
    package var text: String {
        TokenDigest.prefix + withUnsafeBytes { HexText.of($0) }
    }

    package func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try Swift.withUnsafeBytes(of: words, body)
    }

    package mutating func withUnsafeMutableBytes<R>(_ body: (UnsafeMutableRawBufferPointer) throws -> R) rethrows -> R {
        try Swift.withUnsafeMutableBytes(of: &words, body)
    }

    /// Whether two digests are the same. Not for a digest that a caller presented: see ``TokenTable``.
    package static func == (left: TokenDigest, right: TokenDigest) -> Bool {
        left.words == right.words
    }

    /// Feeds the digest into a hasher.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}
