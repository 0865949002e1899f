import COpenSSL
import Glibc

/// Until when a session may be resumed: decided in the full handshake, and kept in all of its tickets.
///
/// A resumption verifies no certificate. In TLS 1.3, OpenSSL restarts a session's lifetime with each ticket (RFC 8446,
/// 4.6.1 bounds the life of a ticket, not of a chain of them), so a client that keeps resuming would never show its
/// certificate again. So every ticket carries the end of its session as OpenSSL's application data, and a ticket that
/// is past it, or says nothing, leads to a full handshake.
///
/// The end is a time of day and not of this process, as servers share tickets by a key file.
final class SessionEnd: Sendable {
    /// How long a single ticket is good, in seconds.
    private static let ticketLifetime: Int64 = 2 * 3600

    private let lifetime: Int64
    private let revocationLists: [TLSRevocationList]
    private let clock: @Sendable () -> Int64

    /// - Parameters:
    ///   - lifetime: The most seconds from the full handshake on.
    ///   - verification: By what clients are verified.
    ///   - clock: Seconds since 1970.
    init(lifetime: Int64, verification: TLSClientVerification?, clock: @escaping @Sendable () -> Int64) {
        self.lifetime = lifetime
        revocationLists = verification?.revocationLists ?? []
        self.clock = clock
    }

    /// The time of the system, in seconds since 1970.
    static let systemClock: @Sendable () -> Int64 = { Int64(time(nil)) }

    /// Has the tickets of `context` end. This object must outlive the context's connections.
    func limit(_ context: OpaquePointer) -> Bool {
        SSL_CTX_set_session_ticket_cb(
            context,
            { ssl, end in
                if let ssl, let end {
                    Unmanaged<SessionEnd>.fromOpaque(end)._withUnsafeGuaranteedRef { $0.mark(ssl) }
                }
                return 1
            },
            { _, session, _, _, status, end in
                let isRenewed = status == SSL_TICKET_SUCCESS_RENEW
                guard status == SSL_TICKET_SUCCESS || isRenewed, let session, let end,
                    Unmanaged<SessionEnd>.fromOpaque(end)._withUnsafeGuaranteedRef({ $0.isGood(session) })
                else {
                    return SSL_TICKET_RETURN_IGNORE_RENEW
                }
                return isRenewed ? SSL_TICKET_RETURN_USE_RENEW : SSL_TICKET_RETURN_USE
            },
            Unmanaged.passUnretained(self).toOpaque()
        ) == 1
    }

    /// Writes the end into the session that a ticket is about to be made of. It is the session's former one if it was resumed.
    ///
    /// If this fails, the ticket has no end and is useless.
    private func mark(_ ssl: OpaquePointer) {
        guard let session = SSL_get_session(ssl) else { return }
        let end: Int64
        if let former = Self.end(of: session) {
            end = former
        } else {
            end = self.end(of: ssl)
            withUnsafeBytes(of: end.bigEndian) {
                _ = SSL_SESSION_set1_ticket_appdata(session, $0.baseAddress, $0.count)
            }
        }
        // Clients learn it, and need not try an expired ticket.
        let left = end - Int64(SSL_SESSION_get_time(session))
        _ = SSL_SESSION_set_timeout(session, Int(max(0, min(left, Self.ticketLifetime))))
    }

    private func isGood(_ session: OpaquePointer) -> Bool {
        Self.end(of: session).map { clock() < $0 } ?? false
    }

    /// The end that a ticket carries.
    private static func end(of session: OpaquePointer) -> Int64? {
        var start: UnsafeMutableRawPointer?
        var count = 0
        guard SSL_SESSION_get0_ticket_appdata(session, &start, &count) == 1, let start,
            count == MemoryLayout<Int64>.size
        else {
            return nil
        }
        return Int64(bigEndian: start.loadUnaligned(as: Int64.self))
    }

    /// The end of the session of a full handshake: no later than that of any certificate by which the client was verified, the
    /// authority's included, and no later than another revocation list comes to count.
    private func end(of ssl: OpaquePointer) -> Int64 {
        let now = clock()
        var end = now + lifetime
        // None where no certificate was asked for, or shown.
        guard let chain = SSL_get0_verified_chain(ssl) else { return end }
        for index in 0..<COpenSSL_X509_STACK_num(chain) {
            // The last second of a certificate is one in which it is good.
            end = min(
                end,
                CertificateInspection.seconds(X509_get0_notAfter(COpenSSL_X509_STACK_value(chain, index))) + 1
            )
        }
        for list in revocationLists {
            for change in [list.thisUpdate, list.nextUpdate] {
                if let change, change > now {
                    end = min(end, change)
                }
            }
        }
        return end
    }
}
