import COpenSSL
import Foundation
import NIOOpenSSL
import Testing

/// Lists that cannot do what they are there for.
@Suite("Faults of revocation lists")
struct RevocationListFaultTests {
    private static let now = Int64(Date().timeIntervalSince1970)

    private static func list(_ pem: [UInt8]) throws -> TLSRevocationList {
        try #require(try TLSRevocationList.read(pem: pem, source: "list").first)
    }

    @Test("a good list has none")
    func aGoodListHasNone() throws {
        let authority = try TestAuthority(name: "CA")
        let verification = try authority.verification(revoking: [authority.revocationList([2])])
        #expect(verification.revocationLists[0].fault(among: verification.authorities, at: Self.now) == nil)
        #expect(verification.refusal(of: verification.authorities[0]) == nil)
    }

    @Test("a list of another authority refuses all and is told")
    func aListOfAnotherAuthorityRefusesAllAndIsTold() throws {
        let (authority, other) = (try TestAuthority(name: "CA"), try TestAuthority(name: "Other"))
        let verification = try authority.verification(revoking: [other.revocationList([2])])
        let fault = verification.revocationLists[0].fault(among: verification.authorities, at: Self.now)
        #expect(fault == .ofAnotherAuthority)
        #expect(verification.refusal(of: verification.authorities[0]) == "unable to get certificate CRL")
    }

    @Test("a list that another key signed is told")
    func aListThatAnotherKeySignedIsTold() throws {
        let (authority, forger) = (try TestAuthority(name: "CA"), try TestAuthority(name: "CA"))
        let verification = try authority.verification(revoking: [forger.revocationList([2])])
        let fault = verification.revocationLists[0].fault(among: verification.authorities, at: Self.now)
        #expect(fault == .signedByAnotherKey)
        #expect(verification.refusal(of: verification.authorities[0]) == "CRL signature failure")
    }

    @Test("a list is told that is not valid yet or not any more")
    func aListIsToldThatIsNotValidYetOrNotAnyMore() throws {
        let authority = try TestAuthority(name: "CA")
        let authorities = try authority.verification().authorities
        let list = try Self.list(authority.revocationList([2]))
        #expect(list.fault(among: authorities, at: list.thisUpdate - 1) == .notYetValid)
        #expect(list.fault(among: authorities, at: try #require(list.nextUpdate)) == .outOfDate)
    }

    @Test("an authority without a list is told beside one that has one")
    func anAuthorityWithoutAListIsToldBesideOneThatHasOne() throws {
        let (first, second) = (try TestAuthority(name: "First"), try TestAuthority(name: "Second"))
        let verification = try TestAuthority.verification(
            trusting: [first.pem(), second.pem()],
            revoking: [first.revocationList([2])]
        )
        #expect(verification.refusal(of: verification.authorities[0]) == nil)
        #expect(verification.refusal(of: verification.authorities[1]) == "unable to get certificate CRL")
    }
}
