import COpenSSL
import NIOCore

/// The keys that are good at a moment, the newest first. Immutable but for its owner, who swaps it whole.
struct TicketKeyRing {
    /// The newest key encrypts; all of them decrypt.
    private(set) var keys: [TicketKey]

    /// When the newest key gives way to another one; `nil` if time does not decide.
    private(set) var rotatesAt: NIODeadline?

    /// A ring of one key that time turns.
    init(key: TicketKey, rotatesAt: NIODeadline) {
        keys = [key]
        self.rotatesAt = rotatesAt
    }

    /// A ring of keys, at least one, that stays as it is.
    init(keys: [TicketKey]) {
        self.keys = keys
    }

    /// The key of a ticket, and whether it is the newest.
    func find(_ name: UnsafeRawPointer) -> (key: TicketKey, isNewest: Bool)? {
        for (index, key) in keys.enumerated() where key.isNamed(name) {
            return (key, index == 0)
        }
        return nil
    }

    /// Whether it is time for another key.
    func isDue(_ now: NIODeadline) -> Bool {
        rotatesAt.map { now >= $0 } ?? false
    }

    /// Puts `key` in front and drops those that are too old by now.
    ///
    /// A time without any use counts as if the ring had been turned all along: keys do not live longer for it.
    mutating func rotate(to key: TicketKey, now: NIODeadline, every interval: TimeAmount, keeping kept: Int) {
        guard let rotatesAt, now >= rotatesAt else { return }
        let turns = 1 + (now - rotatesAt).nanoseconds / interval.nanoseconds
        keys = [key] + keys.prefix(Int(max(0, Int64(kept) - turns)))
        self.rotatesAt = rotatesAt + interval * Int(turns)
    }
}

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
