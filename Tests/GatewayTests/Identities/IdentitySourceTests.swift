import HysteriaStats
import NIOOpenSSL
import Testing

@testable import Gateway
@testable import GatewayConfiguration

@Suite("Where identities come from")
struct IdentitySourceTests {
    private static let place = ConfigurationPlace(file: "config.yaml", line: 7, key: "certificates[0].certificate")
    private static let keyPlace = ConfigurationPlace(file: "config.yaml", line: 8, key: "certificates[0].key")

    private static func pair(_ origin: CertificateFiles.Origin = .certificates) -> CertificateFiles {
        CertificateFiles(
            certificate: "/nowhere/cert.pem",
            key: "/nowhere/key.pem",
            certificatePlace: place,
            keyPlace: keyPlace,
            origin: origin
        )
    }

    @Test("files depend on themselves, and their errors stand where the configuration names them")
    func files() {
        let source = Self.pair().identitySource
        #expect(source is CertificateFileIdentity)
        #expect(source.name == "/nowhere/cert.pem")
        #expect(source.files == ["/nowhere/cert.pem", "/nowhere/key.pem"])
        do throws(TLSError) {
            _ = try source.load()
            Issue.record("there is no such file")
        } catch {
            #expect(source.problem(error).description.hasPrefix("config.yaml:7: certificates[0].certificate: "))
        }
    }

    @Test("Hysteria's depend on its configuration and on all the places where it may keep them")
    func hysteria() {
        let source = Self.pair(
            .hysteria(
                configuration: "/etc/hysteria/config.yaml",
                candidates: [
                    CertificateCandidate(certificate: "/better/cert.pem", key: "/better/key.pem"),
                    CertificateCandidate(certificate: "/nowhere/cert.pem", key: "/nowhere/key.pem"),
                ]
            )
        ).identitySource
        #expect(source is HysteriaIdentity)
        #expect(source.name == "/nowhere/cert.pem")
        #expect(
            source.files == [
                "/etc/hysteria/config.yaml", "/better/cert.pem", "/better/key.pem", "/nowhere/cert.pem",
                "/nowhere/key.pem",
            ]
        )
    }

    @Test("the demo's is made, and depends on nothing")
    func throwaway() throws {
        let source = ThrowawayIdentity(names: ["localhost", "127.0.0.1"])
        #expect(source.files.isEmpty)
        #expect(try source.load().leaf.covers(name: "127.0.0.1"))
    }

    @Test("a state depends on what its identities depend on")
    func state() throws {
        let configuration = try ConfigurationFixture.load(ConfigurationFixture.minimal)
        let state = try ServingState(
            configuration: configuration,
            identities: TLSIdentitySet([ThrowawayIdentity(names: ["localhost"]).load()])
        )
        #expect(state.files == configuration.identitySources.reduce(configuration.files) { $0.union($1.files) })
        #expect(state.files.isSuperset(of: configuration.certificates.map(\.key)))
    }
}
