import HysteriaSimulator
import HysteriaStats
import NIOCore
import Testing

@testable import Gateway

@Suite("Several upstreams", .timeLimit(.minutes(5)))
struct UpstreamSetTests {
    @Test("/metrics has the figures of each with its name, a family at a time")
    func labels() async throws {
        try await UpstreamBench.with { bench in
            let text = try await bench.metrics()
            let samples = UpstreamBench.samples(text)
            for sample in [
                #"hysteria_up{server="a"} 1"#, #"hysteria_up{server="b"} 1"#,
                #"hysteria_traffic_bytes_total{server="a",user="wang",direction="uplink"} 514"#,
                #"hysteria_traffic_bytes_total{server="b",user="wang",direction="uplink"} 7"#,
                #"hysteria_all_traffic_bytes_total{server="a",direction="downlink"} 4017"#,
                #"hysteria_all_traffic_bytes_total{server="b",direction="downlink"} 11"#,
                #"hysteria_online_connections{server="a",user="wang"} 2"#,
                #"hysteria_all_online_connections{server="b"} 2"#,
                #"hysteria_users_not_shown{server="b"} 0"#,
                #"hysteria_gateway_coalesced_requests_total{server="b"} 0"#,
            ] { #expect(samples.contains(sample), "\(sample) in \(text)") }
            #expect(samples.contains { $0.hasPrefix(#"hysteria_gateway_upstream_requests_total{server="a"} "#) })
            #expect(samples.allSatisfy { !$0.hasPrefix("hysteria_up ") && !$0.contains(#"{user="#) })
            let helps = text.split(separator: "\n").filter { $0.hasPrefix("# HELP ") }
                .map { $0.split(separator: " ")[2] }
            #expect(Set(helps).count == helps.count)
        }
    }

    @Test("with one there is no name, in metrics or log")
    func single() async throws {
        try await UpstreamBench.with { bench in
            let settings = bench.settings
            try await bench.run { $0.upstreams.adopt([settings[0]]) }
            await bench.a.shutDown()
            // What goes wrong while it is asked is in the figures of the next scrape.
            _ = try await bench.metrics()
            let text = try await bench.metrics()
            #expect(!text.contains("server="))
            #expect(text.contains("\nhysteria_up 0\n") && text.contains("\nhysteria_users_not_shown 0\n"))
            #expect(text.contains("\nhysteria_gateway_upstream_errors_total{kind=\"unreachable\"} "))
            #expect(bench.log.lines.count == 1 && !bench.log.lines[0].contains("server="), "\(bench.log.lines)")
        }
    }

    @Test("errors are counted and logged for the one that they are of")
    func errors() async throws {
        try await UpstreamBench.with { bench in
            await bench.b.shutDown()
            _ = try await bench.metrics()
            let samples = UpstreamBench.samples(try await bench.metrics())
            #expect(samples.contains(#"hysteria_up{server="a"} 1"#) && samples.contains(#"hysteria_up{server="b"} 0"#))
            let errors = samples.filter { $0.hasPrefix("hysteria_gateway_upstream_errors_total") }
            #expect(errors.count == 1)
            #expect(
                errors.first?.hasPrefix(#"hysteria_gateway_upstream_errors_total{server="b",kind="unreachable"} "#)
                    == true
            )
            #expect(!samples.contains { $0.hasPrefix(#"hysteria_online_connections{server="b""#) })
            let lines = bench.log.lines
            #expect(lines.count == 1 && lines[0].hasPrefix("error: "), "\(lines)")
            #expect(lines.first?.contains(" server=b") == true, "\(lines)")
        }
    }

    @Test("one that does not answer keeps the figures of the other from nobody, and counts when it does")
    func slow() async throws {
        try await UpstreamBench.with { bench in
            _ = try await bench.metrics()
            await bench.b.set(fault: .stall)
            let began = NIODeadline.now()
            let samples = UpstreamBench.samples(try await bench.metrics(patience: .milliseconds(200)))
            // Its own time is a minute.
            #expect(NIODeadline.now() - began < .seconds(30))
            #expect(samples.contains(#"hysteria_up{server="a"} 1"#) && samples.contains(#"hysteria_up{server="b"} 0"#))
            // What was seen before is still there.
            #expect(
                samples.contains(#"hysteria_traffic_bytes_total{server="b",user="wang",direction="uplink"} 7"#),
                "\(samples)"
            )
        }
    }

    @Test("each has a ledger of its own")
    func ledgers() async throws {
        try await UpstreamBench.with { bench in
            _ = try await bench.metrics()
            _ = await bench.a.logTraffic(user: "wang", tx: 6, rx: 0)
            try await bench.clear(0)
            let samples = UpstreamBench.samples(try await bench.metrics())
            for (server, up) in [("a", 520), ("b", 7)] {
                #expect(
                    samples.contains(
                        #"hysteria_traffic_bytes_total{server="\#(server)",user="wang",direction="uplink"} \#(up)"#
                    ),
                    "\(samples)"
                )
            }
            #expect(await bench.b.requests.allSatisfy { !$0.contains("clear") })
        }
    }

    @Test("a reload changes one and keeps the other, with all that it knows")
    func reload() async throws {
        try await UpstreamBench.with { bench in
            _ = try await bench.metrics()
            let (a, b) = (bench.settings[0], bench.settings[1])
            let moved = NamedUpstream(name: "a", settings: b.settings)
            try await bench.run { context in
                let before = context.upstreams.all
                context.upstreams.adopt([moved, b])
                #expect(context.upstreams.all.map(\.name) == ["a", "b"])
                #expect(zip(before, context.upstreams.all).allSatisfy { $0 === $1 })
                #expect(context.upstreams.all[0].address == b.settings.address)

                context.upstreams.adopt([NamedUpstream(name: "c", settings: a.settings), b])
                #expect(context.upstreams.all.map(\.name) == ["c", "b"])
                #expect(context.upstreams.all[0] !== before[0] && context.upstreams.all[1] === before[1])
                #expect(context.upstreams.all[0].counters.requests == 0)
                #expect(context.upstreams.all[1].counters.requests == 2)
                #expect(!before[1].ledger.totals.users.isEmpty)
                #expect(context.upstreams.all[0].ledger.totals.users.isEmpty)
            }
            let samples = UpstreamBench.samples(try await bench.metrics())
            #expect(samples.contains(#"hysteria_up{server="c"} 1"#) && samples.contains(#"hysteria_up{server="b"} 1"#))
            #expect(!samples.contains { $0.contains(#"server="a""#) })
        }
    }

    @Test("event loops share a ledger and what was told, and each upstream has its own")
    func shares() {
        let shared = SharedUpstreams(logger: CapturedLog().logger)
        let first = shared.shares(of: ["a", "b"])
        let second = shared.shares(of: ["b", "a"])
        #expect(first[0].watch === second[1].watch && first[1].watch === second[0].watch)
        #expect(first[0].watch !== first[1].watch)
        _ = first[0].ledger.readBegins()
        #expect(second[1].ledger.isUsed && !second[0].ledger.isUsed)
        #expect(shared.shares(of: ["b"])[0].watch === first[1].watch)
        #expect(shared.shares(of: ["a"])[0].watch !== first[0].watch)
    }

    @Test("what event loops asked each of them is added up by its name")
    func counters() {
        var sum = LoopCounters()
        for order in [["a", "b"], ["b", "a"]] {
            var counters = LoopCounters()
            counters.upstreams = order.map {
                UpstreamCounters(name: $0, requests: $0 == "a" ? 1 : 10, coalesced: 1, errors: ["timeout": 2])
            }
            sum.add(counters)
        }
        #expect(
            sum.upstreams == [
                UpstreamCounters(name: "a", requests: 2, coalesced: 2, errors: ["timeout": 4]),
                UpstreamCounters(name: "b", requests: 20, coalesced: 2, errors: ["timeout": 4]),
            ]
        )
    }
}
