import COpenSSL
import NIOCore
import Testing

@testable import NIOOpenSSL

@Suite("Client certificates")
struct ClientCertificateTests {
    private let authority: TestAuthority

    init() throws {
        authority = try TestAuthority(name: "Authority")
    }

    @Test("a verified client is named", arguments: [TLSVersion.v1_2, .v1_3])
    func aVerifiedClientIsNamed(version: TLSVersion) throws {
        let pair = try connect(authority.verification(), as: authority.issue("phone"), version)
        #expect(pair.server.recorder.handshake?.peerCertificate?.subject == "CN=phone")
        #expect(pair.server.recorder.handshake?.peerCertificate?.certificate.issuer == "CN=Authority")
        // The client knows its server as well.
        #expect(pair.client.recorder.handshake?.peerCertificate?.certificate.names.contains("localhost") == true)
    }

    @Test("without a certificate the handshake fails", arguments: [TLSVersion.v1_2, .v1_3])
    func withoutACertificateTheHandshakeFails(version: TLSVersion) throws {
        let pair = try connect(authority.verification(), as: nil, version)
        #expect(pair.server.recorder.errorKinds == [.verificationFailed])
        #expect(pair.server.recorder.errors.map { "\($0)" }.first?.contains("shows no certificate") == true)
        #expect(!pair.server.channel.isActive)
        // In TLS 1.2 the alert for it did not exist yet.
        let alert = version == .v1_2 ? "handshake failure" : "certificate required"
        #expect("\(pair.client.recorder.errors)".contains(alert))
    }

    @Test("without a certificate a client is served where it is optional")
    func withoutACertificateAClientIsServedWhereItIsOptional() throws {
        let verification = try authority.verification(isRequired: false)
        let without = try connect(verification, as: nil)
        #expect(without.server.recorder.handshake != nil)
        #expect(without.server.recorder.handshake?.peerCertificate == nil)
        let with = try connect(verification, as: authority.issue("phone"))
        #expect(with.server.recorder.handshake?.peerCertificate?.subject == "CN=phone")
    }

    @Test("a certificate of another authority is refused even if none was needed", arguments: [true, false])
    func aCertificateOfAnotherAuthorityIsRefusedEvenIfNoneWasNeeded(isRequired: Bool) throws {
        let stranger = try TestAuthority(name: "Authority").issue("phone")
        try expectRefusal(of: stranger, by: authority.verification(isRequired: isRequired), "certificate")
    }

    @Test("an expired certificate is refused")
    func anExpiredCertificateIsRefused() throws {
        try expectRefusal(of: authority.issue("phone", days: -1), by: authority.verification(), "expired")
    }

    @Test("a certificate for servers is refused")
    func aCertificateForServersIsRefused() throws {
        let server = try authority.issue("phone", usage: "serverAuth")
        try expectRefusal(of: server, by: authority.verification(), "purpose")
    }

    @Test("a revoked certificate is refused and its neighbour is not")
    func aRevokedCertificateIsRefusedAndItsNeighbourIsNot() throws {
        let (lost, kept) = (try authority.issue("lost"), try authority.issue("kept"))
        let verification = try authority.verification(revoking: [authority.revocationList([2])])
        try expectRefusal(of: lost, by: verification, "revoked")
        let pair = try connect(verification, as: kept)
        #expect(pair.server.recorder.handshake?.peerCertificate?.subject == "CN=kept")
    }

    @Test("a list that is out of date refuses everyone")
    func aListThatIsOutOfDateRefusesEveryone() throws {
        let verification = try authority.verification(revoking: [authority.revocationList([], days: -1)])
        #expect(verification.revocationLists.first?.issuer == "CN=Authority")
        try expectRefusal(of: authority.issue("phone"), by: verification, "CRL has expired")
    }

    @Test("a list of another authority is not enough")
    func aListOfAnotherAuthorityIsNotEnough() throws {
        let other = try TestAuthority(name: "Other")
        let verification = try authority.verification(revoking: [other.revocationList([])])
        try expectRefusal(of: authority.issue("phone"), by: verification, "CRL")
    }

    @Test("an intermediate authority alone is enough")
    func anIntermediateAuthorityAloneIsEnough() throws {
        let intermediate = try TestAuthority(name: "Department", under: authority)
        let pair = try connect(intermediate.verification(), as: intermediate.issue("phone"))
        #expect(pair.server.recorder.handshake?.peerCertificate?.subject == "CN=phone")
        // And its parent's other clients are strangers there.
        try expectRefusal(of: authority.issue("phone"), by: intermediate.verification(), "certificate")
    }

    @Test("a resumed session keeps who the client is", arguments: ResumingClient.versions)
    func aResumedSessionKeepsWhoTheClientIs(version: CInt) throws {
        let context = try Fixtures.server(verifying: authority.verification())
        let client = ResumingClient(version: version)
        let first = try client.connect(context, as: authority.issue("phone"))
        #expect(first.handshake?.peerCertificate?.subject == "CN=phone")
        // The certificate is not shown again.
        let second = try client.connect(context, resuming: first.session)
        #expect(second.isResumed == true)
        #expect(second.handshake?.peerCertificate?.subject == "CN=phone")
    }

    @Test("a session does not cross from a server with other rules", arguments: ResumingClient.versions)
    func aSessionDoesNotCrossFromAServerWithOtherRules(version: CInt) throws {
        let keys = try TLSTicketKeys()
        let other = try TestAuthority(name: "Other")
        let rules: [TLSClientVerification?] = [
            nil,
            try authority.verification(),
            try authority.verification(isRequired: false),
            try authority.verification(revoking: [authority.revocationList([])]),
            try authority.verification(revoking: [authority.revocationList([9])]),
            try other.verification(),
            try TestAuthority.verification(trusting: [authority.pem(), other.pem()]),
        ]
        let (phone, otherPhone) = (try authority.issue("phone"), try other.issue("phone"))
        let client = ResumingClient(version: version)
        for (from, origin) in rules.enumerated() {
            let session = try client.connect(
                Fixtures.server(keys: keys, verifying: origin),
                as: from == 5 ? otherPhone : phone
            ).session
            for (to, target) in rules.enumerated() {
                let outcome = try client.connect(
                    Fixtures.server(keys: keys, verifying: target),
                    resuming: session,
                    as: to == 5 ? otherPhone : phone
                )
                #expect(outcome.isResumed == (from == to), "from \(from) to \(to)")
            }
        }
    }

    @Test("rules without an authority are refused")
    func rulesWithoutAnAuthorityAreRefused() throws {
        let error = #expect(throws: TLSError.self) {
            try Fixtures.server(verifying: TLSClientVerification(authorities: []))
        }
        #expect(error?.kind == .configuration)
    }

    @Test("files that hold something else are named")
    func filesThatHoldSomethingElseAreNamed() throws {
        for path in ["/nonexistent/ca.pem", "/dev/null"] {
            let error = #expect(throws: TLSError.self) { try TLSClientVerification(authorityFile: path) }
            #expect(error?.description.contains(path) == true)
            let list = #expect(throws: TLSError.self) { try TLSRevocationList.read(file: path) }
            #expect(list?.description.contains(path) == true)
        }
        let mixed = try authority.pem()
        #expect(throws: TLSError.self) { try TLSRevocationList.read(pem: mixed, source: "crl.pem") }
    }

    // MARK: Steps

    private func connect(
        _ verification: TLSClientVerification,
        as identity: TLSIdentity?,
        _ version: TLSVersion = .v1_3
    ) throws -> BackToBack {
        try BackToBack.connected(
            server: Fixtures.server(Fixtures.only(version), verifying: verification),
            client: TLSContext.client(trust: .certificates([Fixtures.identity.get().leaf]), identity: identity)
        )
    }

    private func expectRefusal(
        of identity: TLSIdentity,
        by verification: TLSClientVerification,
        _ reason: String
    ) throws {
        for version in [TLSVersion.v1_2, .v1_3] {
            let pair = try connect(verification, as: identity, version)
            #expect(pair.server.recorder.errorKinds == [.verificationFailed])
            let words = pair.server.recorder.errors.map { "\($0)" }.first ?? ""
            #expect(words.hasPrefix("the client's certificate is refused: ") && words.contains(reason))
            #expect(pair.server.recorder.handshake == nil && !pair.server.channel.isActive)
            #expect(!pair.client.recorder.errors.isEmpty)
        }
    }
}
