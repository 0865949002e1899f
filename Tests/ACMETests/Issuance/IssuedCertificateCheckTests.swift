import COpenSSL
import Glibc
import NIOOpenSSL
import Testing

@testable import ACME

@Suite("What an authority issued is checked before any of it is written")
struct IssuedCertificateCheckTests {
    private static let tools = OpenSSLCertificateTools()
    private static let asked: [Identifier] = [
        .name("my.example.org"), .name("*.example.org"), .address("192.0.2.1"), .address("2001:db8::1"),
    ]
    private static let names = ["DNS:my.example.org", "DNS:*.example.org", "IP:192.0.2.1", "IP:2001:db8::1"]

    private let now = Int64(Glibc.time(nil))
    private let authority: IssuingAuthority
    private let key: [UInt8]
    private let request: [UInt8]

    init() throws {
        authority = try IssuingAuthority()
        key = try Self.tools.newKey()
        request = try Self.tools.signingRequest(for: Self.asked, key: key)
    }

    private func leaf(_ wish: IssuingAuthority.Wish = .init(names: Self.names)) throws -> [UInt8] {
        try authority.leaf(for: request, wish)
    }

    private func inspect(_ chain: [UInt8], _ asked: [Identifier] = Self.asked) throws -> IssuedCertificate {
        try Self.tools.inspect(chain, key: key, identifiers: asked, now: now)
    }

    private func refusal(_ chain: [UInt8], _ asked: [Identifier] = Self.asked) -> String {
        do {
            return "taken: \(try inspect(chain, asked))"
        } catch {
            return "\(error)"
        }
    }

    @Test("what was ordered is taken, with or without the root, and with lines between the certificates")
    func taken() throws {
        let leaf = try leaf()
        let issued = try inspect(leaf + authority.intermediatePEM)
        #expect(issued.notBefore <= now && issued.notAfter > now + 7_000_000)
        let certificate = try TLSCertificate.read(pem: leaf, source: "leaf")[0]
        #expect(issued.serial == certificate.serial)
        let parts = issued.certID?.split(separator: ".") ?? []
        #expect(parts.count == 2 && parts[0].count == 27)
        #expect(try inspect(leaf + authority.intermediatePEM + authority.rootPEM) == issued)
        #expect(try inspect(leaf + Array("\r\n\n".utf8) + authority.intermediatePEM) == issued)
        #expect(try inspect(leaf + authority.intermediatePEM, Self.asked.reversed()) == issued)
    }

    @Test("a key that is not ours is refused")
    func otherKey() throws {
        let other = try Self.tools.signingRequest(for: Self.asked, key: Self.tools.newKey())
        let leaf = try authority.leaf(for: other, .init(names: Self.names))
        #expect(refusal(leaf + authority.intermediatePEM).contains("no certificate for the key of the order"))
    }

    @Test(
        "more, fewer or other names are refused, and an address among the host names",
        arguments: [
            [], ["DNS:my.example.org"], Self.names.dropLast(), Self.names + ["DNS:more.example.org"],
            Self.names.dropLast() + ["IP:2001:db8::2"],
            ["DNS:my.example.org", "DNS:*.example.org", "DNS:192.0.2.1", "IP:2001:db8::1"],
            ["DNS:my.example.org", "DNS:example.org", "IP:192.0.2.1", "IP:2001:db8::1"],
            Self.names + ["DNS:a_b.example.org"],
        ] as [[String]]
    )
    func otherNames(names: [String]) throws {
        let chain = try leaf(.init(names: names)) + authority.intermediatePEM
        #expect(refusal(chain).hasPrefix("the authority sent a certificate for "))
    }

    @Test("a name in the subject is none")
    func commonName() throws {
        let chain =
            try leaf(.init(names: ["DNS:b.example.org"], commonName: "a.example.org")) + authority.intermediatePEM
        #expect(
            refusal(chain, [.name("a.example.org"), .name("b.example.org")]).hasPrefix(
                "the authority sent a certificate for b"
            )
        )
    }

    @Test("what is not valid now is refused, but for an hour that clocks may differ")
    func time() throws {
        func refusal(_ validity: ClosedRange<Int>) throws -> String {
            self.refusal(try leaf(.init(names: Self.names, validity: validity)) + authority.intermediatePEM)
        }
        #expect(try refusal(3500...86_400).hasPrefix("taken"))
        #expect(try refusal(3700...86_400).contains("is the clock of this machine right?"))
        #expect(try refusal(-86_400...(-2)).contains("expired"))
        #expect(try refusal(-86_400...60).hasPrefix("taken"))
    }

    @Test("half a chain, a wrong one and a long one are refused")
    func chain() throws {
        let leaf = try leaf()
        let other = try IssuingAuthority()
        let elsewhere = try IssuingAuthority(name: "Other")
        #expect(refusal(leaf).contains("comes without the certificate of its issuer"))
        #expect(refusal(leaf + authority.rootPEM).contains("which issued the one before it"))
        #expect(refusal(leaf + elsewhere.intermediatePEM).contains("which issued the one before it"))
        #expect(refusal(leaf + other.intermediatePEM).contains("has not signed the one before it"))
        #expect(refusal(leaf + authority.intermediatePEM + other.rootPEM).contains("has not signed the one before it"))
        #expect(refusal(authority.intermediatePEM + leaf).contains("no certificate for the key"))
        let long = leaf + (0..<10).flatMap { _ in authority.intermediatePEM }
        #expect(refusal(long) == "the authority sent a chain of 11 certificates")
    }

    @Test("an issuer that may not issue, and a certificate that is not for servers, are refused")
    func purpose() throws {
        let impostor = try IssuingAuthority(isAuthority: false)
        let leaf = try impostor.leaf(for: request, .init(names: Self.names))
        #expect(refusal(leaf + impostor.intermediatePEM).contains("is no authority's"))
        let wish = IssuingAuthority.Wish(names: Self.names, extensions: [(NID_ext_key_usage, "clientAuth")])
        #expect(refusal(try self.leaf(wish) + authority.intermediatePEM).contains("is not for servers"))
    }

    @Test("a certificate that signed itself is refused")
    func selfSigned() throws {
        let identity = try TLSIdentity.throwaway(names: ["a.example"])
        #expect(throws: CertificateToolsError.self) {
            try IssuedCertificateCheck.check(
                identity.certificateChainPEM,
                key: identity.privateKeyPEM,
                identifiers: [.name("a.example")],
                now: now
            )
        }
    }

    @Test("something else among the certificates is refused: a key would be taken for ours")
    func foreignBlocks() throws {
        let chain = try leaf() + authority.intermediatePEM
        #expect(
            refusal(chain + (try Self.tools.newKey())) == "the authority sent something else among the certificates"
        )
        #expect(
            refusal((try Self.tools.newKey()) + chain) == "the authority sent something else among the certificates"
        )
        #expect(refusal(Array("<html></html>".utf8)).contains("no certificate for the key"))
        #expect(refusal([]).contains("no certificate for the key"))
    }

    @Test("a certificate that names no key of its issuer has no identifier for renewal information")
    func noCertID() throws {
        let leaf = try TLSIdentity.throwaway(names: ["a.example"]).leaf
        #expect(IssuedCertificateCheck.certID(of: leaf) == nil)
    }
}
