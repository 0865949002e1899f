/// The SHA-256 of a token: all that the gateway keeps of it.
public struct TokenDigest: Hashable, Sendable {
    /// The number of bytes of a digest.
    static let byteCount = 32

    /// What stands before the digits in the configuration.
    public static let prefix = "sha256:"

    // Four words instead of an array: a digest lives on the stack and in a table without indirection.
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// A digest of zeros, to be filled in.
    init() {}

    /// Reads `sha256:` and 64 hexadecimal digits; anything else gives nil.
    public init?(text: String) {
        guard text.hasPrefix(TokenDigest.prefix) else { return nil }
        let digits = Array(text.utf8.dropFirst(TokenDigest.prefix.utf8.count))
        guard digits.count == 2 * TokenDigest.byteCount else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = TokenDigest.value(of: digits[index]), let low = TokenDigest.value(of: digits[index + 1])
            else { return nil }
            bytes.append(high << 4 | low)
        }
        withUnsafeMutableBytes { $0.copyBytes(from: bytes) }
    }

    /// The digest as the configuration keeps it: `sha256:` and 64 hexadecimal digits.
    public var text: String {
        let digits = Array("0123456789abcdef".utf8)
        let hexadecimal = withUnsafeBytes { bytes in bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] } }
        return TokenDigest.prefix + String(decoding: hexadecimal, as: UTF8.self)
    }

    func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try Swift.withUnsafeBytes(of: words, body)
    }

    mutating func withUnsafeMutableBytes<R>(_ body: (UnsafeMutableRawBufferPointer) throws -> R) rethrows -> R {
        try Swift.withUnsafeMutableBytes(of: &words, body)
    }

    /// Whether two digests are the same. Not for a digest that a caller presented: see ``TokenTable``.
    public static func == (left: TokenDigest, right: TokenDigest) -> Bool {
        left.words == right.words
    }

    /// Feeds the digest into a hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
