import Foundation
import Testing

@testable import Gateway

/// Certificates that an authority issued and that callers refuse, made by the openssl command.
@Suite("A certificate")
struct UnusableCertificateTests {
    /// A certificate, and what is said of it.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var leaf = IssuedCertificate()
        /// Further authorities, the one nearest to the root first; the leaf is issued by the last of them.
        var authorities: [IssuedCertificate] = []
        /// Replaces the intermediate in the chain, not in what signs.
        var impostor: IssuedCertificate?
        let words: String

        init(
            _ description: String,
            _ leaf: IssuedCertificate = IssuedCertificate(),
            under authorities: [IssuedCertificate] = [],
            impostor: IssuedCertificate? = nil,
            _ words: String
        ) {
            testDescription = description
            self.leaf = leaf
            self.authorities = authorities
            self.impostor = impostor
            self.words = words
        }

        /// Makes it in the folder of a bench and has it served.
        func make(_ bench: IdentityBench) throws {
            var names = ["middle"]
            for (index, authority) in authorities.enumerated() {
                try authority.write("authority\(index)", by: index == 0 ? "root" : names[0], in: bench.folder)
                names = index == 0 ? ["authority0"] : ["authority\(index)"] + names
            }
            try leaf.write("leaf", by: names[0], in: bench.folder)
            if let impostor {
                try impostor.write("impostor", by: "root", in: bench.folder)
                names = ["impostor"]
            }
            try bench.serve((["leaf"] + names).map { $0 + ".crt" }, key: "leaf.key")
        }
    }

    private static let of = "fullchain.pem: "
    private static let nobody =
        "is of a kind that no caller supports in TLS; use EC P-256 or RSA 2048"

    static let refused = [
        Case(
            "with an RSA key of 1024 bits",
            .server(key: ["RSA", "rsa_keygen_bits:1024"]),
            "OpenSSL does not accept the certificate of CN=localhost (RSA 1024 bits): ee key too small; make a new key "
                + "(EC P-256, or RSA of 2048 bits) and have a certificate issued for it"
        ),
        Case(
            "signed with SHA-1",
            IssuedCertificate(digest: "-sha1"),
            "OpenSSL does not accept the certificate of CN=localhost (EC prime256v1): ca md too weak; have it "
                + "reissued with SHA-256: its signature is of a kind that can be forged"
        ),
    ]

    static let unusable = [
        Case(
            "with a key on secp256k1",
            .server(key: ["EC", "ec_paramgen_curve:secp256k1"]),
            of + "its key (EC secp256k1) \(nobody)"
        ),
        Case(
            "with a key on a brainpool curve",
            .server(key: ["EC", "ec_paramgen_curve:brainpoolP256r1"]),
            of + "its key (EC brainpoolP256r1) \(nobody)"
        ),
        Case(
            "for clients only",
            .server(["extendedKeyUsage": "clientAuth"]),
            of + "is not for servers: its extended key usage lacks serverAuth, and every caller refuses it; have it "
                + "reissued"
        ),
        Case(
            "whose key may sign certificates only",
            .server(["keyUsage": "critical,cRLSign"]),
            of + "its key usage lacks digitalSignature: every caller refuses it; have it issued with digitalSignature"
        ),
        Case(
            "with a critical extension that nobody knows",
            .server(["1.2.3.4.5": "critical,ASN1:UTF8String:x"]),
            of + "has an extension that is critical and that no client knows (1.2.3.4.5): every caller refuses it; "
                + "have it "
                + "issued without"
        ),
        Case(
            "with must-staple as a critical extension",
            .server(["tlsfeature": "critical,status_request"]),
            of + "has an extension that is critical and that no client knows (TLS Feature): every caller refuses it; "
                + "have it "
                + "issued without"
        ),
        Case(
            "whose intermediate has the right name and another key",
            impostor: .authority("Intermediate"),
            of + "(certificate 2, CN=Intermediate): has the name of the issuer of the certificate before it, "
                + "but another key: every caller refuses the chain; use the intermediate certificate that came with the certificate"
        ),
        Case(
            "whose intermediate is no authority",
            under: [.authority("No CA", ["basicConstraints": "critical,CA:FALSE", "keyUsage": "digitalSignature"])],
            of + "(certificate 2, CN=No CA): may not issue certificates (CA:TRUE and keyCertSign): every caller "
                + "refuses "
                + "the one before it; have it issued by an authority"
        ),
        Case(
            "below an authority that allows none below it",
            under: [.authority("Last", ["basicConstraints": "critical,CA:TRUE,pathlen:0"]), .authority("Too many")],
            of + "(certificate 3, CN=Last): allows 0 authorities below it (pathlen:0), and there are more: every "
                + "caller "
                + "refuses the chain; have the certificate issued by this authority itself"
        ),
        Case(
            "below an authority for clients",
            under: [.authority("Of clients", ["extendedKeyUsage": "clientAuth"])],
            of + "(certificate 2, CN=Of clients): is not for servers: its extended key usage lacks serverAuth, and "
                + "every "
                + "caller refuses it; have it reissued"
        ),
        Case(
            "below an authority that is for other names",
            under: [.authority("Of others", ["nameConstraints": "critical,permitted;DNS:other.example"])],
            of + "every caller refuses the chain (permitted subtree violation); have it reissued"
        ),
        Case(
            "with a curve that is spelt out",
            .server(key: ["EC", "ec_paramgen_curve:P-256", "ec_param_enc:explicit"]),
            of + "every caller refuses the chain (Certificate public key has explicit ECC parameters); have it "
                + "reissued"
        ),
        Case(
            "for no name at all",
            IssuedCertificate(extensions: without("subjectAltName"), subject: "/O=nobody"),
            of + "has no name: every caller refuses it; have it issued with a subject alternative name"
        ),
    ]

    static let limited = [
        Case(
            "with a key on Ed25519",
            .server(key: ["ED25519"]),
            of + "browsers refuse its key (ED25519 256 bits); every caller supports EC P-256"
        ),
        Case(
            "with a key on Ed448",
            .server(key: ["ED448"]),
            of + "browsers and programs in Go refuse its key (ED448 456 bits); every caller supports EC P-256"
        ),
        Case(
            "with a key on P-521",
            .server(key: ["EC", "ec_paramgen_curve:P-521"]),
            of + "Chrome, and whatever else uses BoringSSL, refuses its key (EC secp521r1); every caller "
                + "supports EC P-256"
        ),
        Case(
            "of an authority",
            .server(["basicConstraints": "critical,CA:TRUE"]),
            of + "is the certificate of an authority (CA:TRUE): Firefox and programs in Rust refuse it as a server's; "
                + "have it issued with CA:FALSE"
        ),
        Case(
            "whose key may encrypt and not sign",
            .server(["keyUsage": "critical,keyEncipherment"]),
            of + "its key usage lacks digitalSignature: Chrome and Java refuse it; have it issued with digitalSignature"
        ),
        Case(
            "with a common name alone",
            .server(["subjectAltName": nil]),
            of + "has no subject alternative name, only a common name: browsers, Go and most others refuse it, curl "
                + "does "
                + "not; have it issued with subjectAltName"
        ),
        Case(
            "that must be stapled",
            .server(["tlsfeature": "status_request"]),
            of + "asks for a stapled OCSP answer (must-staple), which is not sent: Firefox and programs on GnuTLS "
                + "refuse "
                + "it; have it issued without"
        ),
        Case(
            "for any purpose",
            .server(["extendedKeyUsage": "anyExtendedKeyUsage"]),
            of + "its extended key usage is anyExtendedKeyUsage: Firefox, curl, Python and whatever else uses "
                + "OpenSSL or "
                + "GnuTLS refuse it; have it issued with serverAuth"
        ),
        Case(
            "for no purpose",
            .server(["extendedKeyUsage": nil]),
            of + "has no extended key usage: Safari and other programs on Apple's systems refuse it; "
                + "have it issued with serverAuth"
        ),
        Case(
            "of more than 825 days",
            IssuedCertificate(days: 3650),
            of + "is valid for 3650 days: Safari and other programs on Apple's systems refuse more than 825"
        ),
        Case(
            "with an address among the host names",
            .server(["subjectAltName": "DNS:localhost,DNS:192.0.2.1"]),
            of + "its name '192.0.2.1' cannot be used: it is an address, which stands in a certificate as "
                + "IP:192.0.2.1, not as DNS:192.0.2.1"
        ),
        Case(
            "with a URL among the host names",
            .server(["subjectAltName": "DNS:localhost,DNS:https\\://my.site.com"]),
            of + "its name 'https://my.site.com' cannot be used: it is no host name; a name stands without "
                + "https:// "
                + "and without a port"
        ),
        Case(
            "with a wildcard that stands for nothing",
            .server(["subjectAltName": "DNS:localhost,DNS:*.com"]),
            of + "its name '*.com' cannot be used: a wildcard stands for the whole first label of three or more "
                + "(*.my.site.com)"
        ),
        Case(
            "without the identifier of its authority's key",
            .server(["authorityKeyIdentifier": "none"]),
            of + "Python from 3.13 on refuses the chain (Missing Authority Key Identifier); have it issued as RFC "
                + "5280 says"
        ),
    ]

    private static func without(_ name: String) -> [String: String] {
        var extensions = IssuedCertificate.ofServer
        extensions[name] = nil
        return extensions
    }

    private static func expected(_ words: String) -> String {
        // The second certificate of a chain has its place behind the file's name.
        words.replacing("fullchain.pem: (", with: "fullchain.pem (")
    }

    @Test("is refused by check and serve alike, where OpenSSL does not serve with it", arguments: refused)
    func refusal(_ one: Case) async throws {
        let bench = try IdentityBench()
        try one.make(bench)
        let words = "\(bench.folder.path)/config.yaml:4: certificates[0].certificate: fullchain.pem: " + one.words
        let expected = words.replacing(bench.folder.path + "/", with: "")
        #expect(await bench.check() == ["failure: \(expected)"])
        #expect(try bench.start() == ["refused: \(expected)"])
        #expect(try await !bench.isTakenAtReload())
    }

    @Test(
        "is an error at check and start, and is not taken at a reload, where no caller can use it",
        arguments: unusable
    )
    func failure(_ one: Case) async throws {
        let bench = try IdentityBench()
        try one.make(bench)
        let expected = Self.expected(one.words)
        #expect(await bench.check() == ["failure: \(expected)"])
        #expect(try bench.start() == ["error: \(expected)"])
        #expect(try await !bench.isTakenAtReload())
    }

    @Test("is worth a warning that names who cannot use it", arguments: limited)
    func warning(_ one: Case) async throws {
        let bench = try IdentityBench()
        try one.make(bench)
        let expected = Self.expected(one.words)
        #expect(await bench.check() == ["warning: \(expected)"])
        #expect(try bench.start() == ["warning: \(expected)"])
        #expect(try await bench.isTakenAtReload())
    }

    @Test("is good with a chain that is good, the authority's own certificate in it or not")
    func good() async throws {
        let bench = try IdentityBench()
        try IssuedCertificate().write("leaf", by: "middle", in: bench.folder)
        for chain in [["leaf.crt", "middle.crt"], ["leaf.crt", "middle.crt", "root.crt"]] {
            try bench.serve(chain, key: "leaf.key")
            #expect(await bench.check() == [])
            #expect(try bench.start() == [])
            #expect(try await bench.isTakenAtReload())
        }
    }

    @Test(
        "with an RSA key alone shuts out Schannel of Windows Server 2012 R2, unless one with an EC key is beside it"
    )
    func schannel() async throws {
        let bench = try IdentityBench()
        try IssuedCertificate.server(key: ["RSA", "rsa_keygen_bits:2048"]).write("leaf", by: "middle", in: bench.folder)
        try bench.serve(["leaf.crt", "middle.crt"], key: "leaf.key")
        let words =
            "fullchain.pem: Windows up to 8.1 and Server 2012 R2 (Schannel) cannot connect: with an RSA key they "
            + "need weak ciphers, which are off; add a second certificate with an EC P-256 key"
        #expect(await bench.check() == ["warning: \(words)"])
        #expect(try bench.start() == ["notice: \(words)"])

        try IssuedCertificate().write("second", by: "middle", in: bench.folder)
        try bench.write(bench.read("second.crt") + bench.read("middle.crt"), "second.pem")
        let both = ReloadScene.configuration()
            .replacing("privkey.pem}]", with: "privkey.pem}, {certificate: second.pem, key: second.key}]")
        try bench.write(Data(both.utf8), "config.yaml")
        #expect(await bench.check() == [])
        #expect(try bench.start() == [])

        let none = ReloadScene.configuration(further: "tls: {ciphers: [ECDHE-ECDSA-AES128-GCM-SHA256]}")
        try bench.write(Data(none.utf8), "config.yaml")
        #expect(
            try bench.start() == [
                "warning: fullchain.pem: callers without TLS 1.3 are refused: none of tls.ciphers is for its "
                    + "key (RSA)"
            ]
        )
    }

    @Test("that vouches for itself, as openssl makes it, is served without a word and taken at a reload")
    func selfSigned() async throws {
        let bench = try IdentityBench()
        try OpenSSLCommand.run(
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                "/CN=localhost",
                "-days", "3650", "-keyout", "privkey.pem", "-out", "fullchain.pem",
            ],
            in: bench.folder
        )
        chmod(bench.folder.appendingPathComponent("privkey.pem").path, 0o600)
        #expect(await bench.check().allSatisfy { $0.hasPrefix("warning: ") })
        #expect(await bench.check().contains { $0.hasSuffix("callers must be configured to trust it (curl --cacert)") })
        #expect(try bench.start() == [])
        #expect(try await bench.isTakenAtReload())
    }
}
