import NIOOpenSSL
import Testing

@testable import Gateway
@testable import GatewayConfiguration

@Suite("The client certificates of a configuration")
struct ClientCertificateConfigurationTests {
    private typealias Fixture = ConfigurationFixture

    private static let authority = Result { try TLSIdentity.throwaway(names: ["authority"]).certificateChainPEM }

    @Test(
        "are required unless it says otherwise",
        arguments: [("", true), (", required: true", true), (", required: false", false)]
    )
    func required(further: String, expected: Bool) throws {
        let bytes = try Self.authority.get()
        let text = "clientCertificates: {authority: ca.pem\(further)}\n" + Fixture.minimal
        let configuration = try Fixture.load(text) { $0.file("/etc/gw/ca.pem", bytes: bytes) }
        #expect(
            configuration.clientCertificates
                == ClientCertificateFiles(authority: "/etc/gw/ca.pem", isRequired: expected)
        )
    }

    @Test(
        "are refused with what is wrong",
        arguments: [
            ("{}", "clientCertificates.authority: missing; expected the path of a PEM file"),
            (
                "ca.pem",
                "clientCertificates: found a single value; expected the keys authority, required, revocationList"
            ),
            ("{authority: ca.pem, require: true}", "clientCertificates.require: unknown key; did you mean 'required'?"),
            ("{authority: ca.pem, required: yes}", "clientCertificates.required: 'yes' is no truth value"),
            ("{authority: nowhere.pem}", "clientCertificates.authority: /etc/gw/nowhere.pem does not exist"),
            (
                "{authority: fullchain.pem}",
                "clientCertificates.authority: /etc/gw/fullchain.pem holds no certificate in PEM form"
            ),
            (
                "{authority: ca.pem, revocationList: ca.pem}",
                "clientCertificates.revocationList: /etc/gw/ca.pem holds no certificate revocation list in PEM form"
            ),
        ]
    )
    func problems(value: String, expected: String) throws {
        let bytes = try Self.authority.get()
        let problems = Fixture.problems("clientCertificates: \(value)\n" + Fixture.minimal) {
            $0.file("/etc/gw/ca.pem", bytes: bytes)
        }
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("config.yaml:1: " + expected) == true, "\(problems)")
    }
}
