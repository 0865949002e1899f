import COpenSSL
import Foundation
import NIOConcurrencyHelpers
import NIOCore
import Testing

@testable import NIOOpenSSL

/// Clients that resume again and again, each time with the ticket that they got last, and a clock that the test moves.
@Suite("The end of sessions")
struct SessionEndTests {
    private static let day: Int64 = 86_400
    private static let start = Int64(Date().timeIntervalSince1970)

    private let time = NIOLockedValueBox(Self.start)

    /// By what a client was verified, and what of it has a day left. All else has ten or more.
    enum Ending: CaseIterable {
        case leaf, authority, root, list, oneOfTwoLists
    }

    @Test(
        "A client that keeps resuming does a full handshake once its certificate, an authority or a list has ended",
        arguments: Ending.allCases,
        ResumingClient.versions
    )
    func certificatesEnd(ending: Ending, version: CInt) throws {
        let root = try TestAuthority(name: "Root", days: ending == .root ? 1 : 30)
        let authority = try TestAuthority(name: "Authority", under: root, days: ending == .authority ? 1 : 30)
        var lists: [[UInt8]] = []
        if ending == .list || ending == .oneOfTwoLists {
            let days = ending == .list ? [1] : [10, 1]
            lists = try days.map { try authority.revocationList([], days: $0) } + [root.revocationList([])]
        }
        let context = try server(
            verifying: root.verification(revoking: lists)
        )
        try expectEnd(
            after: Self.day,
            of: context,
            as: authority.issue("phone", days: ending == .leaf ? 1 : 10),
            version
        )
    }

    @Test("A list that is not valid yet ends a session when it becomes valid", arguments: ResumingClient.versions)
    func listsBegin(version: CInt) throws {
        let authority = try TestAuthority(name: "Authority")
        let lists = try [authority.revocationList([]), authority.revocationList([2], from: 1)]
        try expectEnd(
            after: Self.day,
            of: server(verifying: authority.verification(revoking: lists)),
            as: authority.issue("phone"),
            version
        )
    }

    @Test(
        "A list that has ended already, beside a good one, takes nothing from a session",
        arguments: ResumingClient.versions
    )
    func oldLists(version: CInt) throws {
        let authority = try TestAuthority(name: "Authority")
        let lists = try [authority.revocationList([]), authority.revocationList([], days: -1)]
        try expectEnd(
            after: 7 * Self.day,
            of: server(verifying: authority.verification(revoking: lists)),
            as: authority.issue("phone"),
            version
        )
    }

    @Test("Without certificates a session ends some time after its full handshake", arguments: ResumingClient.versions)
    func sessionsEnd(version: CInt) throws {
        try expectEnd(after: 7 * Self.day, of: server(), as: nil, version)
        let optional = try TestAuthority(name: "Authority").verification(isRequired: false)
        try expectEnd(after: 7 * Self.day, of: server(verifying: optional), as: nil, version)
    }

    @Test("A session ends where it began or on another server with the same keys", arguments: ResumingClient.versions)
    func endsAreShared(version: CInt) throws {
        let authority = try TestAuthority(name: "Authority")
        let keys = try TLSTicketKeys()
        let contexts = try (0..<2).map { _ in try server(keys: keys, verifying: authority.verification()) }
        let client = ResumingClient(version: version)
        var session = try client.connect(contexts[0], as: authority.issue("phone", days: 1)).session
        for turn in 1...20 {
            time.withLockedValue { $0 += 3600 }
            let outcome = try client.connect(contexts[turn % 2], resuming: session)
            #expect(outcome.isResumed == true)
            session = outcome.session
        }
        time.withLockedValue { $0 = Self.start + Self.day + 600 }
        for context in contexts {
            let phone = try authority.issue("phone")
            #expect(try client.connect(context, resuming: session, as: phone).isResumed == false)
        }
    }

    @Test("Whoever chose a name resumes no longer than others", arguments: ResumingClient.versions)
    func everyNameEnds(version: CInt) throws {
        let names = try ["one.example", "two.example"].map { try TLSIdentity.throwaway(names: [$0]) }
        let context = try server(identities: TLSIdentitySet(names))
        try expectEnd(after: 7 * Self.day, of: context, as: nil, version, serverName: "two.example")
    }

    @Test("A ticket without an end is good for nothing", arguments: ResumingClient.versions)
    func ticketsWithoutEnd(version: CInt) throws {
        let keys = try TLSTicketKeys()
        let other = try server(keys: keys)
        // A server of another kind, or of an older version, with the same file of keys.
        SSL_CTX_set_session_ticket_cb(other.pointer, nil, nil, nil)
        let client = ResumingClient(version: version)
        let session = try client.connect(other).session
        #expect(try client.connect(other, resuming: session).isResumed == true)
        #expect(try client.connect(server(keys: keys), resuming: session).isResumed == false)
    }

    @Test("A client is told how long its ticket is good", arguments: ResumingClient.versions)
    func hints(version: CInt) throws {
        let client = ResumingClient(version: version)
        let session = try client.connect(server(lifetime: .minutes(30))).session
        #expect((1790...1800).contains(SSL_SESSION_get_ticket_lifetime_hint(session.pointer)))
        let other = try client.connect(server()).session
        #expect(SSL_SESSION_get_ticket_lifetime_hint(other.pointer) == 7200)
    }

    // MARK: Steps

    private func server(
        identities: TLSIdentitySet? = nil,
        keys: TLSTicketKeys? = nil,
        verifying clients: TLSClientVerification? = nil,
        lifetime: TimeAmount = .hours(7 * 24)
    ) throws -> TLSContext {
        var configuration = NIOOpenSSL.TLSConfiguration.intermediate()
        configuration.sessionLifetime = lifetime
        return try TLSContext.server(
            identities: identities ?? TLSIdentitySet([Fixtures.identity.get()]),
            configuration: configuration,
            ticketKeys: keys,
            clientVerification: clients,
            clock: { [time] in time.withLockedValue { $0 } }
        )
    }

    /// Resumes several times until shortly before the end, then after it.
    private func expectEnd(
        after seconds: Int64,
        of context: TLSContext,
        as identity: TLSIdentity?,
        _ version: CInt,
        serverName: String? = nil
    ) throws {
        let client = ResumingClient(version: version, serverName: serverName)
        time.withLockedValue { $0 = Self.start }
        var session = try client.connect(context, as: identity).session
        for part in [seconds / 4, seconds / 2, seconds * 3 / 4, seconds - 60] {
            time.withLockedValue { $0 = Self.start + part }
            let outcome = try client.connect(context, resuming: session, as: identity)
            #expect(outcome.isResumed == true, "\(part) of \(seconds) s")
            session = outcome.session
        }
        // Certificates are made some time after the clock was set.
        time.withLockedValue { $0 = Self.start + seconds + 600 }
        let late = try client.connect(context, resuming: session, as: identity)
        #expect(late.isResumed == false)
        // The full handshake began another session, which its client can resume.
        time.withLockedValue { $0 = Self.start }
        #expect(try client.connect(context, resuming: late.session, as: identity).isResumed == true)
    }
}
