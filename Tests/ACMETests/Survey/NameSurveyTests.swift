import NIOCore
import Testing

@testable import ACME

@Suite("Where names lead")
struct NameSurveyTests {
    private static let machine = ["192.0.2.1", "2001:db8::1", "10.0.0.5", "127.0.0.1", "::1", "fe80::1"]

    private func survey(
        _ answer: AddressLookup.Answer,
        of name: String = "a.example",
        machine: [String] = machine,
        kinds: [ProofKind] = [.tls, .http]
    ) async throws -> NameSurvey.Report {
        let lookup = AddressLookup { asked in
            #expect(asked == name)
            return answer
        }
        return await NameSurvey(lookup: lookup, machine: machine.compactMap { HostAddress($0) }, kinds: kinds)
            .run(for: try Identifier(name))
    }

    private func addresses(_ texts: String...) -> AddressLookup.Answer {
        .addresses(texts.compactMap { HostAddress($0) })
    }

    @Test("addresses of this machine are right")
    func own() async throws {
        let report = try await survey(addresses("192.0.2.1", "2001:db8::1"))
        #expect(report.findings.map(\.verdict) == [.ok, .ok])
        #expect(report.findings[1].words == "a.example: AAAA record 2001:db8::1 is an address of this machine")
        #expect(report.addresses.map(\.description) == ["192.0.2.1", "2001:db8::1"])
    }

    @Test("an AAAA record that leads elsewhere is a failure while the A record is right")
    func elsewhereFirst() async throws {
        let report = try await survey(addresses("192.0.2.1", "2001:db8::2"))
        #expect(report.findings.map(\.verdict) == [.ok, .failure])
        #expect(report.findings[1].words.contains("AAAA record 2001:db8::2 is not an address of this machine"))
        // Also where this machine has no IPv6.
        let without = try await survey(addresses("192.0.2.1", "2001:db8::2"), machine: ["192.0.2.1"])
        #expect(without.findings.map(\.verdict) == [.ok, .failure])
    }

    @Test("an address that another host has is a warning")
    func elsewhere() async throws {
        expect(
            try await survey(addresses("192.0.2.9")).findings,
            .warning,
            "192.0.2.9 is not an address of this machine"
        )
        expect(try await survey(addresses("2001:db8::2")).findings, .warning, "not an address of this machine")
        // Of two A records an authority takes either.
        #expect(try await survey(addresses("192.0.2.1", "192.0.2.9")).findings.map(\.verdict) == [.ok, .warning])
    }

    @Test("behind NAT, an address that is not found here is a warning at most")
    func translated() async throws {
        let machine = ["10.0.0.5", "fe80::1", "127.0.0.1"]
        for address in ["198.51.100.7", "2001:db8::2"] {
            expect(try await survey(addresses(address), machine: machine).findings, .warning, "private addresses alone")
        }
    }

    @Test("what no authority on the internet can reach is a warning")
    func unreachable() async throws {
        expect(try await survey(addresses("10.0.0.5")).findings, .warning, "private network")
        expect(try await survey(addresses("10.0.0.6")).findings, .warning, "private network")
        expect(try await survey(addresses("127.0.1.1")).findings, .warning, "/etc/hosts", "dig a.example")
    }

    @Test("a proxy of Cloudflare's passes no tls-alpn-01; what to do depends on what else can be proved")
    func proxied() async throws {
        let proxy = addresses("104.21.3.4")
        let report = try await survey(proxy)
        expect(report.findings, .warning, "Cloudflare", "tls-alpn-01 can never work", "http-01 first")
        #expect(report.addresses(for: .tls).isEmpty)
        #expect(report.addresses(for: .http).count == 1)
        #expect(report.addresses(for: .dns).isEmpty)
        expect(try await survey(proxy, kinds: [.tls]).findings, .failure, "grey cloud")
        expect(try await survey(proxy, kinds: [.tls, .dns]).findings, .warning, "dns-01 does")
        let sixth = try await survey(addresses("192.0.2.1", "2606:4700::6810:1"))
        #expect(sixth.findings.map(\.verdict) == [.ok, .warning])
    }

    @Test("a name without an address is a failure, unless records of DNS can prove it")
    func missing() async throws {
        expect(try await survey(.nothing).findings, .failure, "no address", "add an A record")
        expect(try await survey(.nothing, kinds: [.tls, .dns]).findings, .warning, "dns-01 needs none")
        // What the DNS64 of this network makes up, nobody else sees.
        expect(try await survey(addresses("64:ff9b::c000:201")).findings, .failure, "no address")
    }

    @Test("no answer is a warning")
    func unknown() async throws {
        expect(try await survey(.unknown("timed out")).findings, .warning, "timed out")
    }

    @Test("what records of DNS alone can prove may lead anywhere")
    func recordsAlone() async throws {
        #expect(try await survey(addresses("192.0.2.9"), kinds: [.dns]).findings.isEmpty)
        #expect(try await survey(.nothing, of: "*.a.example", kinds: [.tls, .http, .dns]).findings.isEmpty)
    }

    @Test("an address is looked at without a question to DNS")
    func address() async throws {
        expect(
            try await survey(.unknown("asked"), of: "192.0.2.1").findings,
            .ok,
            "192.0.2.1 is an address of this machine"
        )
        expect(try await survey(.unknown("asked"), of: "192.0.2.9").findings, .warning, "is it the right one?")
        expect(try await survey(.unknown("asked"), of: "2001:db8::1").findings, .ok, "2001:db8::1 is")
    }

    // MARK: Addresses

    @Test(
        "addresses of the internet are told from others",
        arguments: [
            ("192.0.2.1", true), ("10.1.2.3", false), ("172.15.0.1", true), ("172.31.255.255", false),
            ("172.32.0.0", true),
            ("192.168.1.1", false), ("100.64.0.1", false), ("100.128.0.1", true), ("169.254.1.1", false),
            ("127.0.0.1", false),
            ("224.0.0.1", false), ("0.0.0.0", false), ("2001:db8::1", true), ("fe80::1", false), ("fd00::1", false),
            ("::1", false),
            ("::ffff:192.0.2.1", false), ("ff02::1", false),
        ]
    )
    func publicAddresses(text: String, isPublic: Bool) throws {
        let address = try #require(HostAddress(text))
        #expect(address.isPublic == isPublic)
    }

    @Test("Cloudflare's blocks can be read, and end where they end")
    func blocks() throws {
        #expect((CloudflareRanges.ipv4 + CloudflareRanges.ipv6).allSatisfy { AddressBlock($0) != nil })
        for (text, isInside) in [
            ("104.15.255.255", false), ("104.16.0.0", true), ("104.27.255.255", true), ("104.28.0.0", false),
            ("172.63.255.255", false), ("172.64.0.0", true), ("172.71.255.255", true), ("172.72.0.0", false),
            ("2a06:98bf:ffff::", false), ("2a06:98c0::", true), ("2a06:98c7:ffff::", true), ("2a06:98c8::", false),
        ] {
            #expect(CloudflareRanges.contain(try #require(HostAddress(text))) == isInside, "\(text)")
        }
    }

    @Test(
        "a block of addresses is refused that is none",
        arguments: ["192.0.2.0", "192.0.2.0/33", "::/129", "a/1", "::/-1", "1.2.3.4/8/9"]
    )
    func noBlock(text: String) {
        #expect(AddressBlock(text) == nil)
    }

    @Test("this machine's addresses are found")
    func thisMachine() throws {
        #expect(MachineAddresses.all().contains(try #require(HostAddress("127.0.0.1"))))
    }

    @Test("what takes too long is not waited for")
    func timeLimit() async {
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        let answer = await TimeLimitedAnswer.of(within: .milliseconds(20)) { () -> Int in
            let lock = BlockingFlag()
            Task {
                for await _ in released {}
                lock.set()
            }
            lock.wait()
            return 1
        }
        #expect(answer == nil)
        release.finish()
        #expect(await TimeLimitedAnswer.of(within: .seconds(60)) { 2 } == 2)
    }
}
