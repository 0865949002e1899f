import COpenSSL
import NIOConcurrencyHelpers
import NIOCore

/// The keys under which servers give and take session tickets.
///
/// One object serves any number of contexts on any number of event loops: a ticket that one connection got is good on
/// all of them, and after a context was replaced. The newest key encrypts. Tickets of older ones are accepted as long
/// as the key is kept, and answered with a ticket of the newest.
///
/// Tickets are encrypted with AES-256-CBC and signed with HMAC-SHA256. One that is unknown, too old, cut or changed is
/// no error: the client does a full handshake. Keys are wiped from memory when they are dropped.
public final class TLSTicketKeys: Sendable {
    /// Fills memory with cryptographically random bytes and returns whether it succeeded.
    public typealias RandomSource = @Sendable (UnsafeMutableRawBufferPointer) -> Bool

    /// How long a key encrypts new tickets unless something else is asked for.
    public static let defaultInterval = TimeAmount.hours(12)

    /// How many keys are kept unless something else is asked for.
    public static let defaultCount = 4

    private let file: String?
    private let interval: TimeAmount
    private let count: Int
    private let clock: @Sendable () -> NIODeadline
    private let random: RandomSource
    private let ring: NIOLockedValueBox<TicketKeyRing>

    /// Keys that this process makes and that end with it.
    ///
    /// They are rotated when a ticket is given or taken after their time, and by ``refresh()``.
    ///
    /// - Parameters:
    ///   - interval: How long a key encrypts new tickets; more than nothing.
    ///   - count: How many keys are kept, the newest included; at least one. A ticket is valid for `count - 1` to
    ///     `count` intervals, for two hours, or until its session's end, whatever comes first; see
    ///     ``TLSConfiguration/sessionLifetime``.
    ///   - clock: The time, which must not go backwards.
    ///   - random: Where keys, and the initialization vectors of tickets, come from.
    /// - Throws: ``TLSError/Kind/engine`` if there is no randomness.
    public init(
        rotatedEvery interval: TimeAmount = TLSTicketKeys.defaultInterval,
        keeping count: Int = TLSTicketKeys.defaultCount,
        clock: @escaping @Sendable () -> NIODeadline = { .now() },
        random: @escaping RandomSource = TLSTicketKeys.systemRandom
    ) throws(TLSError) {
        precondition(interval > .zero && count > 0, "ticket keys are kept for some time")
        guard let key = TicketKey(filledBy: random) else {
            throw TLSError(.engine, "OpenSSL has no random bytes for a key", reasons: OpenSSLErrorQueue.drain())
        }
        file = nil
        self.interval = interval
        self.count = count
        self.clock = clock
        self.random = random
        ring = NIOLockedValueBox(TicketKeyRing(key: key, rotatesAt: clock() + interval))
    }

    /// Keys from a file that several servers share, so that a ticket of one is valid at all of them.
    ///
    /// The file is text. Each line is a key: 160 hexadecimal digits, which are 16 bytes of name, 32 bytes for AES-256
    /// and 32 for HMAC-SHA256, as `openssl rand -hex 80` prints them. The first key encrypts, all of them decrypt, 16
    /// at most. Empty lines and such that begin with `#` mean nothing. The group may read the file; nobody but its
    /// owner may write it, and others may not even read it.
    ///
    /// Time does not rotate these keys. The operator does, by adding a new line at the top and removing the last one;
    /// ``refresh()`` reads it again.
    ///
    /// - Throws: ``TLSError/Kind/file`` with the path, if the file cannot be read, is open to others or holds something
    ///   else.
    public init(file path: String) throws(TLSError) {
        file = path
        interval = .zero
        count = 0
        clock = { .distantPast }
        random = TLSTicketKeys.systemRandom
        ring = NIOLockedValueBox(TicketKeyRing(keys: try TicketKeyFile.read(path)))
    }

    /// Rotates keys whose time is up, or reads the file again.
    ///
    /// A server should call it now and then, so that old keys are wiped from the memory of one without callers either.
    /// It may be called on any thread. With a file it waits for the file system.
    ///
    /// - Returns: Whether the file had other keys than before; false without a file.
    /// - Throws: ``TLSError/Kind/file`` if the file cannot be used. The keys stay what they were.
    @discardableResult
    public func refresh() throws(TLSError) -> Bool {
        guard let file else {
            _ = current()
            return false
        }
        let new = TicketKeyRing(keys: try TicketKeyFile.read(file))
        return ring.withLockedValue { ring in
            defer { ring = new }
            return !ring.keys.elementsEqual(new.keys) { $0.isSame(as: $1) }
        }
    }

    /// Says what keeps the content of a key file from being used, without using it.
    ///
    /// - Parameters:
    ///   - content: The bytes of the file.
    ///   - source: What errors call it.
    public static func validate(fileContent content: [UInt8], source: String) throws(TLSError) {
        let result = content.withUnsafeBytes { bytes in
            Result { () throws(TLSError) in try TicketKeyFile.keys(in: bytes, source: source) }
        }
        _ = try result.get()
    }

    /// OpenSSL's generator for values that stay private.
    public static let systemRandom: RandomSource = { bytes in
        RAND_priv_bytes(bytes.baseAddress, CInt(clamping: bytes.count)) == 1
    }

    // MARK: For the engine

    /// The keys at this moment, rotated if it is time.
    func current() -> TicketKeyRing {
        let now = clock()
        return ring.withLockedValue { ring in
            // Without randomness the old key stays in use until the next ticket.
            if ring.isDue(now), let key = TicketKey(filledBy: random) {
                ring.rotate(to: key, now: now, every: interval, keeping: count)
            }
            return ring
        }
    }

    /// Fills memory from the random source.
    func fill(_ bytes: UnsafeMutableRawBufferPointer) -> Bool {
        random(bytes)
    }
}
