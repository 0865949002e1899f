import Foundation
import Testing

@testable import Gateway
@testable import GatewayConfiguration

/// Revocation lists that the openssl command makes, beside the authority `root.crt` of a configuration.
@Suite("A revocation list")
struct RevocationListTests {
    /// A folder whose callers' authority is the root, with a list that `authority` signs.
    private static func bench(of authority: String, _ extensions: String = "", days: Int = 10) throws -> IdentityBench {
        let bench = try IdentityBench()
        try IssuedCertificate().write("leaf", by: "middle", in: bench.folder)
        try bench.serve(["leaf.crt", "middle.crt"], key: "leaf.key")
        try IssuedCertificate.authority("Root").write("forger", in: bench.folder)
        let text = """
            [ca]
            default_ca = list
            [list]
            database = index.txt
            crlnumber = number
            default_md = sha256
            default_crl_days = \(days)
            crl_extensions = extensions
            [extensions]
            authorityKeyIdentifier = keyid
            \(extensions)

            """
        try bench.write(Data(text.utf8), "list.cnf")
        try bench.write(Data(), "index.txt")
        try bench.write(Data("01\n".utf8), "number")
        try OpenSSLCommand.run(
            [
                "ca", "-gencrl", "-config", "list.cnf", "-keyfile", "\(authority).key", "-cert", "\(authority).crt",
                "-out",
                "list.pem",
            ],
            in: bench.folder
        )
        let configuration = ReloadScene.configuration(
            further: "clientCertificates: {authority: root.crt, revocationList: list.pem}"
        )
        try bench.write(Data(configuration.utf8), "config.yaml")
        return bench
    }

    private static let place = "config.yaml:6: clientCertificates.revocationList: "

    @Test("of the authority is good")
    func good() async throws {
        #expect(try await Self.bench(of: "root").check() == [])
    }

    @Test("that cannot work keeps the configuration from being used, and says why")
    func failures() async throws {
        for (authority, extensions, words) in [
            (
                "forger", "",
                "list.pem: the list of CN=Root is not signed by the key of CN=Root in root.crt; download it from the "
                    + "authority again, or name the authority's current certificate"
            ),
            (
                "root", "2.5.29.27 = critical,ASN1:INTEGER:1",
                "list.pem: the list of CN=Root is a delta CRL, which only has the changes since another list; name the "
                    + "complete list"
            ),
            (
                "middle", "",
                "list.pem: every caller's certificate is refused by it: OpenSSL says 'unable to get certificate CRL'; name a "
                    + "complete list of CN=Root"
            ),
        ] {
            let bench = try Self.bench(of: authority, extensions)
            #expect(await bench.check().filter { $0.hasPrefix("failure") } == ["failure: " + Self.place + words])
            #expect(throws: ConfigurationError.self) { try bench.start() }
        }
    }
}
