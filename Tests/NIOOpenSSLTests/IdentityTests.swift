import Foundation
import NIOOpenSSL
import Testing

@Suite("Certificates and keys")
struct IdentityTests {
    @Test("a throwaway certificate says what it is for")
    func aThrowawayCertificateSaysWhatItIsFor() throws {
        let before = Int64(Date().timeIntervalSince1970)
        let identity = try TLSIdentity.throwaway(
            names: ["example.org", "*.example.org", "192.0.2.1", "2001:db8::1"],
            days: 7
        )
        let leaf = identity.leaf
        #expect(leaf.subject == "CN=example.org")
        #expect(leaf.issuer == leaf.subject)
        #expect(leaf.names == ["example.org", "*.example.org", "192.0.2.1", "2001:db8::1"])
        #expect(abs(leaf.notAfter - before - 7 * 86_400) < 60)
        #expect(leaf.notBefore < before)
        #expect(leaf.publicKeyDescription == "EC prime256v1")
        #expect(!leaf.isCA)
        #expect(leaf.sha256.count == 64)
        #expect(leaf.serial.count == 16)
        #expect(identity.chain.isEmpty)
    }

    @Test(
        "covers names literally by wildcard and by address",
        arguments: [
            ("example.org", true), ("EXAMPLE.org", true), ("www.example.org", true), ("a.b.example.org", false),
            ("example.com", false), ("192.0.2.1", true), ("192.0.2.2", false), ("2001:db8::1", true),
            ("2001:0db8:0:0::1", true), ("::1", false), ("", false), (".example.org", false), ("*.example.org", true),
        ]
    )
    func coversNamesLiterallyByWildcardAndByAddress(name: String, covered: Bool) throws {
        let identity = try TLSIdentity.throwaway(names: ["example.org", "*.example.org", "192.0.2.1", "2001:db8::1"])
        #expect(identity.leaf.covers(name: name) == covered)
    }

    @Test(
        "a name that is none is refused",
        arguments: [[], [""], ["a b"], ["a,DNS:evil.example"], ["a\u{0}b"], ["a:b"]]
    )
    func aNameThatIsNoneIsRefused(names: [String]) {
        let error = #expect(throws: TLSError.self) { try TLSIdentity.throwaway(names: names) }
        #expect(error?.kind == .certificate)
    }

    @Test("what was written can be read")
    func whatWasWrittenCanBeRead() throws {
        try withDirectory { directory in
            let identity = try TLSIdentity.throwaway(names: ["localhost"])
            let chain = try write(identity.certificateChainPEM, directory, "chain.pem")
            let key = try write(identity.privateKeyPEM, directory, "key.pem")
            let read = try TLSIdentity(certificateFile: chain, keyFile: key)
            #expect(read.leaf == identity.leaf)
            let both = try write(identity.privateKeyPEM + identity.certificateChainPEM, directory, "both.pem")
            #expect(try TLSIdentity(certificateFile: both, keyFile: both).leaf == identity.leaf)
        }
    }

    @Test("a chain keeps its order")
    func aChainKeepsItsOrder() throws {
        let first = try TLSIdentity.throwaway(names: ["first"])
        let second = try TLSIdentity.throwaway(names: ["second"])
        let chain = Array("a comment\n".utf8) + (try first.certificateChainPEM) + (try second.certificateChainPEM)
        let read = try TLSIdentity(certificateChainPEM: chain, privateKeyPEM: first.privateKeyPEM)
        #expect(read.leaf == first.leaf)
        #expect(read.chain == [second.leaf])
        #expect(try read.certificateChainPEM == first.certificateChainPEM + second.certificateChainPEM)
    }

    @Test("a key of another certificate is refused and both files are named")
    func aKeyOfAnotherCertificateIsRefusedAndBothFilesAreNamed() throws {
        try withDirectory { directory in
            let chain = try write(TLSIdentity.throwaway(names: ["a"]).certificateChainPEM, directory, "chain.pem")
            let key = try write(TLSIdentity.throwaway(names: ["b"]).privateKeyPEM, directory, "key.pem")
            let error = #expect(throws: TLSError.self) { try TLSIdentity(certificateFile: chain, keyFile: key) }
            #expect(error?.kind == .keyMismatch)
            #expect(error?.description.contains(chain) == true && error?.description.contains(key) == true)
        }
    }

    @Test("a missing file is named")
    func aMissingFileIsNamed() {
        let error = #expect(throws: TLSError.self) {
            try TLSIdentity(certificateFile: "/nowhere/chain.pem", keyFile: "/nowhere/key.pem")
        }
        #expect(error?.kind == .file)
        #expect(error?.description == "/nowhere/chain.pem cannot be read: No such file or directory")
    }

    @Test("a directory is no file")
    func aDirectoryIsNoFile() {
        let error = #expect(throws: TLSError.self) { try TLSIdentity(certificateFile: "/", keyFile: "/") }
        #expect(error?.kind == .file)
    }

    @Test("files of another kind are refused")
    func filesOfAnotherKindAreRefused() throws {
        let identity = try TLSIdentity.throwaway(names: ["localhost"])
        let noCertificate = #expect(throws: TLSError.self) {
            try TLSIdentity(certificateChainPEM: identity.privateKeyPEM, privateKeyPEM: identity.privateKeyPEM)
        }
        #expect(noCertificate?.kind == .certificate)
        let noKey = #expect(throws: TLSError.self) {
            try TLSIdentity(certificateChainPEM: identity.certificateChainPEM, privateKeyPEM: [])
        }
        #expect(noKey?.kind == .privateKey)
    }

    @Test("a damaged certificate is refused with its number")
    func aDamagedCertificateIsRefusedWithItsNumber() throws {
        let identity = try TLSIdentity.throwaway(names: ["localhost"])
        var text = String(decoding: try identity.certificateChainPEM, as: UTF8.self)
        let whole = text
        text.replace("MII", with: "AAA", maxReplacements: 1)
        let error = #expect(throws: TLSError.self) {
            try TLSIdentity(certificateChainPEM: Array((whole + text).utf8), privateKeyPEM: identity.privateKeyPEM)
        }
        #expect(error?.kind == .certificate)
        #expect(
            error?.description.contains(#/^certificate number 2 \(line \d+\) in the certificate cannot be read: /#)
                == true
        )
    }

    @Test("a key with a passphrase is refused without asking for it")
    func aKeyWithAPassphraseIsRefusedWithoutAskingForIt() throws {
        // The header alone decides; nothing of the key is needed to find out.
        let key = """
            -----BEGIN RSA PRIVATE KEY-----
            Proc-Type: 4,ENCRYPTED
            DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF

            AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
            -----END RSA PRIVATE KEY-----

            """
        let identity = try TLSIdentity.throwaway(names: ["localhost"])
        let error = #expect(throws: TLSError.self) {
            try TLSIdentity(certificateChainPEM: identity.certificateChainPEM, privateKeyPEM: Array(key.utf8))
        }
        #expect(error?.kind == .privateKey)
        #expect(error?.description.contains("passphrase") == true)
    }

    @Test("nothing that describes an identity shows its key")
    func nothingThatDescribesAnIdentityShowsItsKey() throws {
        let identity = try TLSIdentity.throwaway(names: ["localhost"])
        var dumped = ""
        dump(identity, to: &dumped)
        for text in ["\(identity)", String(reflecting: identity), dumped] {
            #expect(text.contains("CN=localhost"))
            #expect(!text.contains("PRIVATE") && !text.contains("PrivateKey"))
        }
    }

    private func withDirectory(_ body: (URL) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try body(directory)
    }

    private func write(_ bytes: [UInt8], _ directory: URL, _ name: String) throws -> String {
        let file = directory.appendingPathComponent(name)
        try Data(bytes).write(to: file)
        return file.path
    }
}
