import AuthoritySimulator
import NIOOpenSSL
import Testing

@testable import ACME

/// All parts at once, against the simulated authority: from nothing to a certificate, and through what goes wrong.
@Suite("A keeper and an authority", .serialized, .timeLimit(.minutes(3)))
struct WholeKeeperTests {
    @Test(
        "a certificate is obtained with one proof, and nothing is left behind",
        arguments: [
            (["my.site.com"], ProofKind.tls), (["my.site.com"], .http), (["127.0.0.1"], .tls), (["127.0.0.1"], .http),
            (["*.site.com"], .dns), (["my.site.com", "www.site.com"], .tls),
        ]
    )
    func obtained(names: [String], kind: ProofKind) async throws {
        let scene = try await KeeperScene([names], proofs: [kind])
        let events = await scene.obtain()
        #expect(events.compactMap(\.refusal).isEmpty)
        let certificates = await scene.authority.certificates
        #expect(certificates.map(\.identifiers) == [names.sorted()])
        #expect(certificates.first?.profile == (names == ["127.0.0.1"] ? "shortlived" : nil))
        let validations = await scene.authority.validations
        #expect(validations.map(\.kind) == names.map { _ in kind.rawValue })
        #expect(validations.allSatisfy { $0.problem == nil })
        #expect(await scene.authority.pendingAuthorizations == 0)
        #expect(scene.table.count == 0)
        let status = await scene.keeper.status
        let place = try #require(status.first?.place)
        let record = try #require(await scene.store.certificate(in: place))
        #expect(record.certificate.certID == certificates.first?.certificateID)
        #expect(await scene.store.order(in: place) == nil)
        let current = "\(scene.scratch.path)/acme/\(place.folder)/current"
        let identity = try TLSIdentity(certificateFile: "\(current)/fullchain.pem", keyFile: "\(current)/privkey.pem")
        #expect(Set(identity.leaf.names) == Set(names))
        try await scene.close()
    }

    @Test("an address of IPv6 is proved too", arguments: [ProofKind.tls, .http])
    func newAddress(kind: ProofKind) async throws {
        let scene = try await KeeperScene([["::1"]], proofs: [kind], host: "::1")
        let events = await scene.obtain()
        #expect(events.compactMap(\.refusal).isEmpty)
        #expect(await scene.authority.certificates.map(\.identifiers) == [["::1"]])
        try await scene.close()
    }

    @Test("renewals come within the authority's window, and replace what was before")
    func renewals() async throws {
        let scene = try await KeeperScene([["127.0.0.1"]])
        let events = await scene.obtain(4)
        #expect(events.compactMap(\.refusal).isEmpty)
        let certificates = await scene.authority.certificates
        #expect(certificates.count == 4)
        for (old, new) in zip(certificates, certificates.dropFirst()) {
            #expect(new.replaces == old.certificateID)
            let lifetime = old.notAfter - old.notBefore + 1
            let middle = old.notAfter - lifetime / 3
            #expect(abs(new.time - middle) <= lifetime / 100 + 2400)
        }
        // Of each certificate, it is asked for every six hours and not more.
        let asked = Dictionary(
            grouping: await scene.authority.requests.filter { $0.endpoint == .renewalInfo },
            by: \.path
        )
        for times in asked.values.map({ $0.map(\.time) }) {
            #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 >= 3600 })
        }
        try await scene.close()
    }

    @Test(
        "all that an authority may do differently is lived through",
        arguments: [
            "nonces", "redirects and null", "chunks", "connections", "authorizations", "orders", "slow", "dates",
            "four askers",
        ]
    )
    func manners(of name: String) async throws {
        let scene = try await KeeperScene([["my.site.com"]]) { behaviour in
            switch name {
            case "nonces": behaviour.refusesEveryNonce = 2
            case "redirects and null": (behaviour.redirects, behaviour.writesNull, behaviour.terms) = (3, true, nil)
            case "chunks": behaviour.sendsChunks = true
            case "connections": behaviour.closesConnections = true
            case "authorizations": behaviour.reusesAuthorizations = true
            case "orders": (behaviour.reusesOrders, behaviour.addsUnknownChallenges) = (true, true)
            case "slow": (behaviour.validationReadings, behaviour.issuanceReadings) = (5, 5)
            case "dates": (behaviour.retryAfter, behaviour.issuanceReadings) = (.date(after: 7), 2)
            default: behaviour.vantagePoints = 4
            }
        }
        let events = await scene.obtain()
        #expect(events.compactMap(\.refusal).isEmpty, "\(events.compactMap(\.refusal))")
        #expect(await scene.authority.certificates.count == 1)
        if name == "dates" { #expect(scene.clock.slept.withLockedValue { $0.contains(7) }) }
        try await scene.close()
    }

    @Test(
        "one answer that is lost, cut, late or nonsense costs no attempt and no second certificate",
        arguments: AuthorityFault.Endpoint.allCases.filter {
            ![.account, .renewalInfo, .revocation, .keyChange, .other].contains($0)
        },
        [
            AuthorityFault.Effect.closed, .lost, .cut, .answer(status: 500, contentType: "text/html", body: "<p>Oops"),
            .problem(SimulatedProblem("badNonce", "again")),
            .problem(SimulatedProblem("serverInternal", "oops", status: 500)),
        ]
    )
    func lost(at endpoint: AuthorityFault.Endpoint, effect: AuthorityFault.Effect) async throws {
        // Nonces are for what is signed.
        if case .problem(let problem) = effect, problem.type == "badNonce", endpoint == .directory { return }
        let scene = try await KeeperScene([["my.site.com"]])
        await scene.authority.add(AuthorityFault(effect, at: endpoint))
        let events = await scene.obtain()
        #expect(events.compactMap(\.refusal).isEmpty, "\(events.compactMap(\.refusal))")
        #expect(await scene.authority.certificates.count == 1)
        #expect(await scene.authority.accounts == 1)
        try await scene.close()
    }

    @Test("a proof that is refused is followed by the other kind, after a while")
    func otherProof() async throws {
        let scene = try await KeeperScene([["my.site.com"]])
        // Nobody answers handshakes.
        try await scene.listeners.tls.close()
        let events = await scene.obtain()
        let refused = events.compactMap(\.refusal)
        #expect(refused.map(\.consequence) == [.validation])
        #expect(refused.first?.type == "connection")
        #expect(await scene.authority.validations.map(\.kind) == ["tls-alpn-01", "http-01"])
        #expect(await scene.authority.pendingAuthorizations == 0)
        await scene.authority.shutDown()
        try await scene.listeners.http.close()
    }

    @Test(
        "a certificate that is not what was ordered is not used",
        arguments: [
            AuthorityBehaviour.CertificateFault.wrongKey, .furtherName("other.example"), .otherNames(["other.example"]),
            .expired,
            .notYetValid, .foreignChain, .disordered, .tooLong(20), .leafOnly,
        ]
    )
    func wrongCertificate(fault: AuthorityBehaviour.CertificateFault) async throws {
        let scene = try await KeeperScene([["my.site.com"]]) { $0.certificateFault = fault }
        let events = await scene.run { $0.contains { $0.refusal != nil || $0.isObtained } }
        #expect(events.compactMap(\.refusal?.consequence) == [.refused], "\(events.compactMap(\.refusal))")
        try await scene.close()
    }

    @Test(
        "refusals have the consequence that they are to have",
        arguments: [
            ("rateLimited", 429, AuthorityFault.Endpoint.newOrder, AttemptProblem.Consequence.limited(3600)),
            ("userActionRequired", 403, .newOrder, .dormant), ("invalidContact", 400, .newAccount, .dormant),
            ("rejectedIdentifier", 400, .newOrder, .dormant), ("unsupportedIdentifier", 400, .newOrder, .dormant),
            ("invalidProfile", 400, .newOrder, .dormant), ("caa", 403, .finalize, .caa), ("caa", 403, .newOrder, .caa),
        ]
    )
    func refused(
        type: String,
        status: Int,
        at endpoint: AuthorityFault.Endpoint,
        consequence: AttemptProblem.Consequence
    ) async throws {
        let scene = try await KeeperScene([["my.site.com"]])
        let problem = SimulatedProblem(
            type,
            "no, and see https://authority.example/why",
            status: status,
            retryAfter: .seconds(3600)
        )
        await scene.authority.add(AuthorityFault(.problem(problem), at: endpoint))
        let events = await scene.run { $0.contains { $0.refusal != nil || $0.isObtained } }
        let refusal = try #require(events.compactMap(\.refusal).first)
        #expect(refusal.consequence == consequence)
        #expect(refusal.type == type)
        #expect(refusal.words.contains("https://authority.example/why"))
        #expect(await scene.authority.pendingAuthorizations == 0)
        try await scene.close()
    }

    @Test("an authority that was set up anew gets the same key again")
    func forgotten() async throws {
        let scene = try await KeeperScene([["127.0.0.1"]])
        _ = await scene.obtain()
        await scene.authority.reset()
        let next = await scene.run { $0.contains { $0.isObtained || $0.refusal != nil } }
        #expect(next.compactMap(\.refusal).isEmpty, "\(next.compactMap(\.refusal))")
        #expect(await scene.authority.accounts == 1)
        try await scene.close()
    }

    @Test("an order that replaces is made without it if the authority refuses that")
    func replaced() async throws {
        let scene = try await KeeperScene([["127.0.0.1"]])
        let problem = SimulatedProblem("alreadyReplaced", "another order has", status: 409)
        await scene.authority.add(AuthorityFault(.problem(problem), at: .newOrder, onlyReplacing: true))
        let events = await scene.obtain(2)
        #expect(events.compactMap(\.refusal).isEmpty, "\(events.compactMap(\.refusal))")
        let certificates = await scene.authority.certificates
        #expect(certificates.map(\.replaces) == [nil, nil])
        try await scene.close()
    }

    @Test("an external account is bound, and its absence told")
    func externalAccount() async throws {
        let key = Array("a key of the external account".utf8)
        let bound = try await KeeperScene(
            [["my.site.com"]],
            externalAccount: ExternalAccountSettings(id: "it", key: key)
        ) { $0.externalAccounts = ["it": key] }
        #expect(await bound.obtain().compactMap(\.refusal).isEmpty)
        try await bound.close()
        let unbound = try await KeeperScene([["my.site.com"]]) { $0.externalAccounts = ["it": key] }
        let events = await unbound.run { $0.contains { $0.refusal != nil || $0.isObtained } }
        #expect(events.compactMap(\.refusal?.consequence) == [.dormant])
        try await unbound.close()
    }
}
