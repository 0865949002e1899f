import NIOCore
import NIOOpenSSL
import Synchronization
import Testing

@testable import Gateway

@Suite("A check whether the gateway serves")
struct ServingCheckTests {
    /// What is asked, and the results in words.
    private static func check(
        listen: String,
        further: String = "",
        outcome: @escaping @Sendable (ServingCheck.Question) -> ServingProbe.Outcome = { _ in .serves }
    ) async -> (asked: [String], results: [String]) {
        let minimal = ConfigurationFixture.minimal.split(separator: "\n").filter { !$0.hasPrefix("listen") }
        let text = (["listen: \(listen)"] + minimal.map(String.init) + [further]).joined(separator: "\n")
        let asked = Mutex<[String]>([])
        let check = ServingCheck(
            path: "/etc/gw/config.yaml",
            environment: FakeFiles(configuration: text).environment
        ) { question, _ in
            asked.withLock { $0.append("\(question.address.ipAddress ?? "?"):\(question.address.port ?? 0)") }
            return outcome(question)
        }
        let results = await check.run().map(\.description)
        return (asked.withLock { $0 }, results)
    }

    @Test(
        "asks where a process of this machine finds each address",
        arguments: [
            (#"":443""#, ["127.0.0.1:443"]),
            (#""0.0.0.0:8443""#, ["127.0.0.1:8443"]),
            (#""[::]:8443""#, ["::1:8443"]),
            (#"["192.0.2.7:443", "[2001:db8::1]:8443"]"#, ["192.0.2.7:443", "2001:db8::1:8443"]),
        ]
    )
    func addresses(listen: String, asked: [String]) async {
        let (found, results) = await Self.check(listen: listen)
        #expect(found == asked)
        #expect(results.count == asked.count && results.allSatisfy { $0.hasPrefix("ok       listen ") }, "\(results)")
    }

    @Test("asks over IPv6 where there is no IPv4")
    func onlyIPv6() async {
        let (asked, results) = await Self.check(listen: #"":443""#) { question in
            question.address.protocol == .inet6 ? .serves : .fails("cannot be reached: connection refused")
        }
        #expect(asked == ["127.0.0.1:443", "::1:443"])
        #expect(results == ["ok       listen :443: serves"])
    }

    @Test("says of each address by itself that it does not serve, and why")
    func failures() async {
        let (_, results) = await Self.check(listen: #"["127.0.0.1:443", "127.0.0.1:8443"]"#) { question in
            question.address.port == 443 ? .serves : .fails("cannot be reached: connection refused")
        }
        #expect(
            results == [
                "ok       listen 127.0.0.1:443: serves",
                "failure  listen 127.0.0.1:8443: cannot be reached: connection refused",
            ]
        )
    }

    @Test("fails where the configuration leaves the port to the system")
    func portZero() async {
        let (asked, results) = await Self.check(listen: #""127.0.0.1:0""#)
        #expect(asked.isEmpty)
        #expect(results.count == 1 && results[0].hasPrefix("failure  listen 127.0.0.1:0: the system chose a port"))
    }

    @Test("does not mind a mistake elsewhere, with which a running gateway has nothing to do")
    func mistakeElsewhere() async {
        let (_, results) = await Self.check(listen: #"":443""#, further: "limit: {}")
        #expect(results == ["ok       listen :443: serves"])
    }

    @Test("says what is wrong where the addresses cannot be read")
    func mistakeInListen() async {
        let (asked, results) = await Self.check(listen: "nowhere")
        #expect(asked.isEmpty)
        #expect(
            !results.isEmpty && results.allSatisfy { $0.hasPrefix("failure  ") && $0.contains("listen") },
            "\(results)"
        )
    }
}
