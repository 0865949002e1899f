import COpenSSL
import Foundation
import NIOOpenSSL
import Testing

@Suite("Problems of identities")
struct IdentityProblemTests {
    private static let now = Int64(Date().timeIntervalSince1970)

    @Test("a chain in order has none")
    func aChainInOrderHasNone() throws {
        let root = try TestCertificates.issue("root", isAuthority: true)
        let middle = try TestCertificates.issue("middle", by: root, isAuthority: true)
        let leaf = try TestCertificates.issue("leaf", names: ["leaf.example"], by: middle)
        for chain in [[middle], [middle, root]] {
            let set = try TLSIdentitySet([leaf.identity(chain: chain)])
            #expect(set.problems(at: Self.now) == [])
        }
    }

    @Test("a chain in another order is told with the place")
    func aChainInAnotherOrderIsToldWithThePlace() throws {
        let root = try TestCertificates.issue("root", isAuthority: true)
        let middle = try TestCertificates.issue("middle", by: root, isAuthority: true)
        let leaf = try TestCertificates.issue("leaf", names: ["leaf.example"], by: middle)
        let problems = try leaf.identity(chain: [root, middle]).problems(at: Self.now)
        #expect(problems.map(\.kind) == [.outOfOrder(expected: "CN=middle"), .outOfOrder(expected: "CN=root")])
        #expect(problems.map(\.position) == [1, 2])
        #expect(problems.map(\.certificate.subject) == ["CN=root", "CN=middle"])
        #expect(try leaf.identity().problems(at: Self.now).map(\.kind) == [.lacksIssuer])
        // With the leaf at the end, the first certificate is not that of the key.
        let error = #expect(throws: TLSError.self) {
            try TLSIdentity(
                certificateChainPEM: middle.certificatePEM + leaf.certificatePEM,
                privateKeyPEM: leaf.keyPEM
            )
        }
        #expect(error?.kind == .keyMismatch)
    }

    @Test("a certificate outside of its time is told")
    func aCertificateOutsideOfItsTimeIsTold() throws {
        let identity = try TestCertificates.issue("a", names: ["a.example"]).identity()
        let leaf = identity.leaf
        #expect(identity.problems(at: leaf.notAfter).map(\.kind) == [.selfSigned])
        #expect(identity.problems(at: leaf.notAfter + 1).map(\.kind) == [.expired, .selfSigned])
        #expect(identity.problems(at: leaf.notBefore - 1).map(\.kind) == [.notYetValid, .selfSigned])
    }

    @Test("a name that is taken is told unless the algorithm differs")
    func aNameThatIsTakenIsToldUnlessTheAlgorithmDiffers() throws {
        let first = try TestCertificates.issue("first", names: ["a.example", "b.example"]).identity()
        let second = try TestCertificates.issue("second", names: ["A.example.", "c.example", "*.example"]).identity()
        let third = try TestCertificates.issue("third", names: ["a.example", "a.example"], algorithm: .rsa).identity()
        let set = try TLSIdentitySet([first, second, third])
        #expect(set.conflicts.map(\.kind) == [.nameTaken("A.example.", by: "the certificate")])
        #expect(set.conflicts.map(\.certificate) == [second.leaf])
        #expect(try TLSIdentitySet([third, third]).conflicts.count == 1)
    }

    @Test("an empty set is none")
    func anEmptySetIsNone() {
        let error = #expect(throws: TLSError.self) { try TLSIdentitySet([]) }
        #expect(error?.kind == .configuration)
    }

    @Test("a set covers the names of all and shows no key")
    func aSetCoversTheNamesOfAllAndShowsNoKey() throws {
        let set = try TLSIdentitySet([
            TLSIdentity.throwaway(names: ["a.example"]), TLSIdentity.throwaway(names: ["*.b.example", "192.0.2.1"]),
        ])
        #expect(["a.example", "x.b.example", "192.0.2.1"].allSatisfy(set.covers))
        #expect(!set.covers(name: "c.example"))
        var dumped = ""
        dump(set, to: &dumped)
        #expect(!dumped.contains("PrivateKey"))
        #expect("\(set)" == "CN=a.example (a.example); CN=*.b.example (*.b.example, 192.0.2.1)")
    }
}
