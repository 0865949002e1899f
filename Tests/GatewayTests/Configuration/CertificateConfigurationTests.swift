import Testing

@testable import Gateway

@Suite("The certificates of a configuration")
struct CertificateConfigurationTests {
    private typealias Fixture = ConfigurationFixture

    @Test(
        "say what is wrong with them",
        arguments: [
            (
                "[]",
                "certificates: found an empty list; "
                    + "expected at least one of the certificates, each with the keys certificate and key"
            ),
            (
                "fullchain.pem",
                "certificates: found a single value; "
                    + "expected a list of certificates, each with the keys certificate and key"
            ),
            (
                "[fullchain.pem]",
                "certificates[0]: found a single value; expected the keys certificate, key"
            ),
            (
                "[{certificate: fullchain.pem}]",
                "certificates[0].key: missing; expected the path of a PEM file with the private key"
            ),
            (
                "[{cert: x, certificate: fullchain.pem, key: privkey.pem}]",
                "certificates[0].cert: unknown key; expected 'certificate'"
            ),
            (
                "[{certificate: fullchain.pem, key: /live/privkey.pem}]",
                "certificates[0].key: user 'gateway' may not enter /archive (drwx------ root:root); "
                    + "run: chgrp gateway /archive && chmod g+x /archive"
            ),
            (
                "[{certificate: fullchain.pem, key: /etc/gw}]",
                "certificates[0].key: /etc/gw is a directory, not a file; name a file in it: /etc/gw/…"
            ),
            (
                "[{certificate: fullchain.pem/x, key: privkey.pem}]",
                "certificates[0].certificate: /etc/gw/fullchain.pem is not a directory"
            ),
        ]
    )
    func problems(certificates: String, expected: String) {
        let text = "certificates: \(certificates)\n" + Fixture.upstream + Fixture.tokens
        let problems = Fixture.problems(text) {
            $0.directory("/archive", mode: 0o700)
            $0.file("/archive/privkey1.pem")
            $0.link("/live/privkey.pem", to: "../archive/privkey1.pem")
        }
        #expect(problems == ["config.yaml:1: " + expected])
    }

    @Test("are worth a warning if others can read the key")
    func openKey() {
        #expect(
            Fixture.warnings(Fixture.minimal) { $0.file("/etc/gw/privkey.pem", mode: 0o644) } == [
                "config.yaml:2: certificates[0].key: /etc/gw/privkey.pem holds a private key and every user of this "
                    + "machine can read it (-rw-r--r-- gateway:gateway); run: chmod o-rwx /etc/gw/privkey.pem"
            ]
        )
    }

    @Test("are among the files to be watched, with every place where Hysteria may come to keep them")
    func dependencies() throws {
        let plain = try ConfigurationFixture.load(ConfigurationFixture.minimal)
        #expect(plain.files == ["/etc/gw/config.yaml", "/etc/gw/fullchain.pem", "/etc/gw/privkey.pem"])

        let text = "hysteria: hysteria.yaml\n" + ConfigurationFixture.tokens
        let hysteria = try ConfigurationFixture.load(text) { files in
            files.file("/etc/gw/hysteria.yaml", "acme: {domains: [a.b], dir: /acme}\ntrafficStats: {listen: ':9999'}")
            for end in ["crt", "key"] {
                files.file("/acme/certificates/acme-v02.api.letsencrypt.org-directory/a.b/a.b.\(end)")
            }
        }
        #expect(hysteria.files.isSuperset(of: hysteria.certificates.flatMap { [$0.certificate, $0.key] }))
        #expect(hysteria.files.isSuperset(of: ["/etc/gw/config.yaml", "/etc/gw/hysteria.yaml"]))
    }
}
