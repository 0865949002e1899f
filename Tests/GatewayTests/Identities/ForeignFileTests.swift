import Foundation
import Testing

@testable import Gateway
@testable import GatewayConfiguration

/// What people put where a certificate or a key belongs, made by the openssl command and by hand.
@Suite("A certificate's file")
struct ForeignFileTests {
    /// A file, and what is said of it.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let isKey: Bool
        let words: String
        let advice: String?
        /// Makes the content from the pair `leaf.crt` and `leaf.key`.
        let make: @Sendable (IdentityBench) throws -> Data

        init(
            _ description: String,
            key isKey: Bool = false,
            _ words: String,
            _ advice: String?,
            _ make: @escaping @Sendable (IdentityBench) throws -> Data
        ) {
            testDescription = description
            self.isKey = isKey
            self.words = words
            self.advice = advice
            self.make = make
        }

        var file: String { isKey ? "privkey.pem" : "fullchain.pem" }

        /// A conversion by the openssl command.
        static func openssl(_ words: String) -> @Sendable (IdentityBench) throws -> Data {
            { bench in
                let words = words.split(separator: " ").map(String.init)
                return try OpenSSLCommand.run(words, in: bench.folder)
            }
        }

        /// A change to the text of the good file.
        static func text(_ name: String, _ change: @escaping @Sendable (String) -> String) -> (
            @Sendable (IdentityBench) throws -> Data
        ) {
            { bench in Data(change(String(decoding: try bench.read(name), as: UTF8.self)).utf8) }
        }
    }

    private static func command(_ words: String, _ file: String) -> String { "run: \(words) and name \(file).pem here" }

    static let certificates = [
        Case(
            "in DER form",
            "it holds a certificate in DER form (binary)",
            command("openssl x509 -inform DER -in F/fullchain.pem -out F/fullchain.pem.pem", "F/fullchain.pem"),
            Case.openssl("x509 -in leaf.crt -outform DER")
        ),
        Case(
            "as PKCS #12",
            "it is a PKCS #12 file (.pfx, .p12), which holds certificate and key together",
            command("openssl pkcs12 -in F/fullchain.pem -nokeys -out F/fullchain.pem.pem", "F/fullchain.pem"),
            Case.openssl("pkcs12 -export -in leaf.crt -inkey leaf.key -passout pass:secret")
        ),
        Case(
            "as PKCS #7 in DER form",
            "it is a PKCS #7 file (.p7b)",
            command(
                "openssl pkcs7 -print_certs -inform DER -in F/fullchain.pem -out F/fullchain.pem.pem",
                "F/fullchain.pem"
            ),
            Case.openssl("crl2pkcs7 -nocrl -certfile leaf.crt -outform DER")
        ),
        Case(
            "as PKCS #7 in PEM form",
            "it is a PKCS #7 file (.p7b)",
            command("openssl pkcs7 -print_certs -in F/fullchain.pem -out F/fullchain.pem.pem", "F/fullchain.pem"),
            Case.openssl("crl2pkcs7 -nocrl -certfile leaf.crt")
        ),
        Case(
            "with a request in place of what came back for it",
            "it holds a certificate signing request (CSR), not a certificate",
            "name the certificate that the authority sent for it",
            Case.openssl("req -in leaf.csr")
        ),
        Case(
            "with a public key",
            "it holds a public key alone",
            "name the private key, which was made together with it",
            Case.openssl("pkey -in leaf.key -pubout")
        ),
        Case(
            "with the private key",
            "it holds a private key",
            "name the certificate here: fullchain.pem, not privkey.pem",
            Case.openssl("pkey -in leaf.key")
        ),
        Case(
            "with a revocation list",
            "it holds a revocation list",
            nil,
            { _ in Data("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n".utf8) }
        ),
        Case(
            "in UTF-16",
            "it is text in UTF-16",
            command("iconv -f UTF-16 -t UTF-8 F/fullchain.pem > F/fullchain.pem.pem", "F/fullchain.pem"),
            { bench in
                try Data([0xFF, 0xFE]) + #require(
                    String(decoding: bench.read("leaf.crt"), as: UTF8.self).data(using: .utf16LittleEndian)
                )
            }
        ),
        Case(
            "that is a page",
            "it is a web page (HTML)",
            "download the file again",
            { _ in Data("<!DOCTYPE html>\n<html><title>404 Not Found</title></html>\n".utf8) }
        ),
        Case(
            "that is JSON",
            "it is JSON",
            "download the file again",
            { _ in Data(#"{"certificates": []}"#.utf8) }
        ),
        Case("that is empty", "it is empty", "download the file again", { _ in Data("\n".utf8) }),
        Case(
            "without the lines around it",
            "it lacks the lines -----BEGIN and -----END",
            command("base64 -d F/fullchain.pem | openssl x509 -inform DER -out F/fullchain.pem.pem", "F/fullchain.pem"),
            Case.text("leaf.crt") { $0.replacing(/-----.*-----\n/, with: "") }
        ),
        Case(
            "with spaces before its lines",
            "it has spaces before -----BEGIN in line 1",
            command("(umask 077; sed 's/^[[:space:]]*//' F/fullchain.pem > F/fullchain.pem.pem)", "F/fullchain.pem"),
            Case.text("leaf.crt") { $0.split(separator: "\n").map { "    \($0)\n" }.joined() }
        ),
        Case(
            "with its line breaks spelt out",
            #"it has its line breaks written as \n"#,
            command(#"(umask 077; sed 's/\\n/\n/g' F/fullchain.pem > F/fullchain.pem.pem)"#, "F/fullchain.pem"),
            Case.text("leaf.crt") { $0.replacing("\n", with: #"\n"#) }
        ),
        Case(
            "that is a key store of Java",
            "it is a key store of Java",
            "run: keytool -importkeystore -srckeystore F/fullchain.pem -deststoretype PKCS12 -destkeystore NEW.p12, "
                + "then "
                + "take certificate and key out of NEW.p12 with openssl pkcs12",
            { _ in Data([0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2]) }
        ),
    ]

    static let keys = [
        Case(
            "in DER form",
            key: true,
            "it holds a private key in DER form (binary)",
            command("(umask 077; openssl pkey -inform DER -in F/privkey.pem -out F/privkey.pem.pem)", "F/privkey.pem"),
            Case.openssl("pkey -in leaf.key -outform DER")
        ),
        Case(
            "as PKCS #12",
            key: true,
            "it is a PKCS #12 file (.pfx, .p12), which holds certificate and key together",
            command(
                "(umask 077; openssl pkcs12 -in F/privkey.pem -nocerts -nodes -out F/privkey.pem.pem)",
                "F/privkey.pem"
            ),
            Case.openssl("pkcs12 -export -in leaf.crt -inkey leaf.key -passout pass:secret")
        ),
        Case(
            "with the certificate",
            key: true,
            "it holds a certificate",
            "name the private key here: privkey.pem, not fullchain.pem",
            Case.openssl("x509 -in leaf.crt")
        ),
        Case(
            "with the public key",
            key: true,
            "it holds a public key alone",
            "name the private key, which was made together with it",
            Case.openssl("pkey -in leaf.key -pubout")
        ),
        Case(
            "with the parameters of a curve",
            key: true,
            "it holds parameters alone",
            nil,
            Case.openssl("ecparam -name prime256v1")
        ),
        Case("that is empty", key: true, "it is empty", "download the file again", { _ in Data() }),
        Case(
            "that is cut off",
            key: true,
            "it is cut off: what begins in line 1 has no end",
            "download the file again",
            Case.text("leaf.key") { String($0.prefix(80)) }
        ),
        Case(
            "in the form of OpenSSH",
            key: true,
            "it holds a private key in the form of OpenSSH",
            "run: ssh-keygen -p -m PEM -f F/privkey.pem, or make a new key with openssl genpkey",
            { _ in Data("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n".utf8) }
        ),
    ]

    private static func bench() throws -> IdentityBench {
        let bench = try IdentityBench()
        try IssuedCertificate().write("leaf", by: "middle", in: bench.folder)
        try bench.serve(["leaf.crt", "middle.crt"], key: "leaf.key")
        return bench
    }

    /// What `check` and `serve` say, which is the same, with `F` for the folder.
    private static func refusal(_ bench: IdentityBench) async throws -> [String] {
        let checked = await bench.check(folder: "F/")
        let started = try bench.start(folder: "F/")
        #expect(checked.map { $0.replacing("failure: ", with: "refused: ") } == started)
        #expect(try await !bench.isTakenAtReload())
        return started
    }

    @Test(
        "is refused with what it is, where it is named, and the command that mends it",
        arguments: certificates + keys
    )
    func foreign(_ one: Case) async throws {
        let bench = try Self.bench()
        try bench.write(one.make(bench), one.file)
        let wanted = one.isKey ? "private key" : "certificate"
        let expected =
            "refused: F/config.yaml:4: certificates[0].\(one.isKey ? "key" : "certificate"): F/\(one.file) holds no "
            + "\(wanted) "
            + "in PEM form: \(one.words)\(one.advice.map { "; \($0)" } ?? "")"
        #expect(try await Self.refusal(bench) == [expected])
    }

    @Test("is refused with the command that takes a passphrase away", arguments: ["pkcs8 -topk8", "ec -aes128"])
    func passphrase(_ form: String) async throws {
        let bench = try Self.bench()
        let words = form.split(separator: " ").map(String.init) + ["-in", "leaf.key", "-passout", "pass:secret"]
        try bench.write(OpenSSLCommand.run(words, in: bench.folder), "privkey.pem")
        #expect(
            try await Self.refusal(bench) == [
                "refused: F/config.yaml:4: certificates[0].key: F/privkey.pem is encrypted with a passphrase, "
                    + "which is not supported; run: (umask 077; openssl pkey -in F/privkey.pem -out F/privkey.pem.pem) and name "
                    + "F/privkey.pem.pem here"
            ]
        )
    }

    @Test("is refused in one line where it is swapped with the key")
    func swapped() async throws {
        let bench = try Self.bench()
        try bench.serve(["leaf.key"], key: "leaf.crt")
        #expect(
            try await Self.refusal(bench) == [
                "refused: F/config.yaml:4: certificates[0].certificate: F/fullchain.pem holds a private key and "
                    + "F/privkey.pem a certificate: they are swapped; exchange the values of 'certificate' and 'key'"
            ]
        )
    }

    @Test("is refused with the number of the certificate that the key fits")
    func order() async throws {
        let bench = try Self.bench()
        try bench.serve(["middle.crt", "root.crt", "leaf.crt"], key: "leaf.key")
        #expect(
            try await Self.refusal(bench) == [
                "refused: F/config.yaml:4: certificates[0].key: F/privkey.pem is not the private key of "
                    + "CN=Intermediate, the "
                    + "first certificate in F/fullchain.pem, but of number 3, CN=localhost, which has to stand first"
            ]
        )
    }

    @Test("is refused with the line of a certificate that is damaged")
    func damaged() async throws {
        let bench = try Self.bench()
        let lines = String(decoding: try bench.read("leaf.crt"), as: UTF8.self).count { $0.isNewline }
        let middle = String(decoding: try bench.read("middle.crt"), as: UTF8.self).replacing("MII", with: "AAA")
        try bench.write(bench.read("leaf.crt") + Data(middle.utf8), "fullchain.pem")
        let words = try await Self.refusal(bench)
        #expect(words.count == 1)
        #expect(
            words.first?.hasPrefix(
                "refused: F/config.yaml:4: certificates[0].certificate: certificate number 2 (line \(lines + 1)) in "
                    + "F/fullchain.pem cannot be read: "
            ) == true,
            "\(words)"
        )
    }

    @Test(
        "is taken whole where a line break between two certificates is missing, or a byte order mark is before it"
    )
    func joint() async throws {
        let bench = try Self.bench()
        let leaf = String(decoding: try bench.read("leaf.crt"), as: UTF8.self).trimmingCharacters(in: .newlines)
        for mark in ["", "\u{FEFF}"] {
            try bench.write(Data((mark + leaf).utf8) + bench.read("middle.crt"), "fullchain.pem")
            #expect(await bench.check() == [])
            #expect(try bench.start() == [])
            #expect(try await bench.isTakenAtReload())
            let read = try Configuration.load(path: bench.folder.path + "/config.yaml").loadIdentities()
            #expect(read.identities[0].chain.map(\.subject) == ["CN=Intermediate"])
        }
    }
}
