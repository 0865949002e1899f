import ACME
import Testing

@Suite("What can be proved, and kept")
struct ProofReachTests {
    private func settings(
        _ names: [String] = ["a.example"],
        kinds: [ProofKind] = [.tls, .http],
        dns: DNSSettings? = nil
    ) throws -> ACMESettings {
        ACMESettings(
            certificates: try names.map { [try Identifier($0)] },
            authorities: [AuthoritySettings(directory: "https://ca.example/dir", name: "example-ca")],
            proofKinds: kinds,
            dns: dns,
            folder: "/var/lib/acme"
        )
    }

    private static let command = DNSSettings(command: "/etc/dns-record", wait: 10)

    @Test("a listener on 443 and a redirect on 80 prove by either kind")
    func both() throws {
        let reach = ProofReach(tlsPorts: [443, 8443], redirectPorts: [80])
        expect(reach.findings(for: try settings()), .ok, "tls-alpn-01, http-01")
        #expect(reach.kinds(of: try settings(kinds: [.http, .tls])) == [.http, .tls])
    }

    @Test("a kind that is asked for and cannot work is named")
    func missing() throws {
        let tls = ProofReach(tlsPorts: [443], redirectPorts: []).findings(for: try settings())
        #expect(tls.map(\.verdict) == [.ok, .warning])
        #expect(tls[1].words.contains("redirect listener on port 80"))
        let http = ProofReach(tlsPorts: [8443], redirectPorts: [80]).findings(for: try settings())
        #expect(http.map(\.verdict) == [.ok, .warning])
        let dns = ProofReach(tlsPorts: [443], redirectPorts: []).findings(for: try settings(kinds: [.tls, .dns]))
        #expect(dns.map(\.verdict) == [.ok, .failure])
    }

    @Test("without a listener that an authority asks, nothing can be proved, unless a port is forwarded")
    func nothing() throws {
        let forwarded = ProofReach(tlsPorts: [8443], redirectPorts: [8080]).findings(for: try settings())
        expect(
            forwarded,
            .warning,
            "no listener on 443 and no redirect on 80: nothing can be proved, unless",
            "8080, 8443"
        )
        expect(ProofReach(tlsPorts: [], redirectPorts: []).findings(for: try settings()), .failure, "acme.dns")
        let dns = ProofReach(tlsPorts: [8443], redirectPorts: [])
        expect(dns.findings(for: try settings(kinds: [.dns])), .failure)
        expect(dns.findings(for: try settings(kinds: [.dns], dns: Self.command)), .ok, "by dns-01")
    }

    @Test("a wildcard needs records of DNS, and an address listeners")
    func identifiers() throws {
        let listening = ProofReach(tlsPorts: [443], redirectPorts: [80]).findings(for: try settings(["*.a.example"]))
        #expect(listening.map(\.verdict) == [.ok, .failure])
        #expect(listening[1].words.contains("*.a.example: a wildcard"))
        let records = ProofReach(tlsPorts: [], redirectPorts: [])
            .findings(for: try settings(["192.0.2.1"], kinds: [.dns], dns: Self.command))
        #expect(records.map(\.verdict) == [.ok, .failure])
        #expect(records[1].words.contains("192.0.2.1: an address"))
    }

    // MARK: Files

    private typealias FileStatus = StoreSurvey.FileStatus

    private func store(_ files: [String: StoreSurvey.FileStatus], dns: DNSSettings? = nil) throws -> [SurveyFinding] {
        StoreSurvey { files[$0] }.findings(for: try settings(dns: dns))
    }

    private static let folder = FileStatus(isFolder: true, mode: 0o700)

    @Test("the folder has to be one that can be written to, or be made")
    func folder() throws {
        expect(try store(["/var/lib/acme": Self.folder]), .ok, "can be written to")
        var readOnly = Self.folder
        readOnly.isWritable = false
        expect(try store(["/var/lib/acme": readOnly]), .failure, "cannot be written to")
        expect(try store(["/var/lib/acme": FileStatus(isFolder: false, mode: 0o600)]), .failure, "no folder")
        expect(try store(["/var/lib": Self.folder]), .ok, "will be made")
        expect(try store(["/var/lib": readOnly]), .failure, "cannot be made")
        expect(try store([:]), .failure, "cannot be made")
    }

    @Test(
        "the key of the account is for its owner alone",
        arguments: [(0o600, true), (0o400, true), (0o640, false), (0o604, false)]
    )
    func accountKey(mode: UInt32, isRight: Bool) throws {
        let path = "/var/lib/acme/ca.example-dir/account.pem"
        let findings = try store(["/var/lib/acme": Self.folder, path: FileStatus(isFolder: false, mode: mode)])
        if isRight {
            expect(findings, .ok)
        } else {
            expect(Array(findings.dropFirst()), .failure, "chmod 600 \(path)")
        }
    }

    @Test("the command for records has to be one that can be executed")
    func command() throws {
        func finding(_ status: FileStatus?, _ command: String = "/etc/dns-record") throws -> [SurveyFinding] {
            var files = ["/var/lib/acme": Self.folder]
            files[command] = status
            return Array(try store(files, dns: DNSSettings(command: command, wait: 0)).dropFirst())
        }
        expect(try finding(FileStatus(isFolder: false, mode: 0o755)), .ok, "can be executed")
        expect(try finding(nil), .failure, "no command")
        expect(try finding(Self.folder), .failure, "no command")
        expect(try finding(FileStatus(isFolder: false, mode: 0o644, isExecutable: false)), .failure, "chmod +x")
        expect(try finding(FileStatus(isFolder: false, mode: 0o757)), .warning, "chmod o-w")
        expect(try finding(FileStatus(isFolder: false, mode: 0o755), "dns-record"), .failure, "absolute")
    }

    @Test("the files of this machine are looked at")
    func thisMachine() {
        #expect(FileStatus.system("/")?.isFolder == true)
        #expect(FileStatus.system("/bin/sh").map { !$0.isFolder && $0.isExecutable } == true)
        #expect(FileStatus.system("/there/is/no/such/file") == nil)
    }
}
