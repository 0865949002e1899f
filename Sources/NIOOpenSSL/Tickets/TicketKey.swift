import COpenSSL

/// What session tickets are encrypted and signed with: a public name, a key for AES-256-CBC and one for HMAC-SHA256.
///
/// `@unchecked Sendable`: the bytes are written in `init` and only read afterwards, until `deinit` wipes them.
final class TicketKey: @unchecked Sendable {
    /// The size of the name that a ticket begins with.
    static let nameSize = 16
    private static let secretSize = 32

    /// The size of name and both keys together.
    static let size = nameSize + 2 * secretSize

    private let bytes: UnsafeMutableRawBufferPointer

    /// A new key, or `nil` if `random` fails to fill it.
    init?(filledBy random: (UnsafeMutableRawBufferPointer) -> Bool) {
        bytes = .allocate(byteCount: Self.size, alignment: 16)
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
        guard random(bytes) else { return nil }
    }

    deinit {
        OPENSSL_cleanse(bytes.baseAddress, bytes.count)
        bytes.deallocate()
    }

    /// Distinguishes tickets of different keys. It is in each ticket in clear text.
    var name: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[..<Self.nameSize])
    }

    /// What tickets are encrypted with.
    var encryptionKey: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[Self.nameSize..<Self.nameSize + Self.secretSize])
    }

    /// What tickets are signed with.
    var signingKey: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[(Self.nameSize + Self.secretSize)...])
    }

    /// Whether a ticket with this name, which has `nameSize` bytes, is of this key.
    func isNamed(_ name: UnsafeRawPointer) -> Bool {
        CRYPTO_memcmp(bytes.baseAddress, name, Self.nameSize) == 0
    }

    /// Whether all bytes are those of another key.
    func isSame(as other: TicketKey) -> Bool {
        CRYPTO_memcmp(bytes.baseAddress, other.bytes.baseAddress, Self.size) == 0
    }
}
