import HysteriaSimulator
import HysteriaStats
import Testing

@testable import Gateway
@testable import GatewayConfiguration

@Suite("/metrics answers who may ask", .timeLimit(.minutes(5)))
struct MetricsRouteTests {
    /// The samples, without HELP and TYPE.
    private func samples(_ answer: APIBench.Answer) -> [String] {
        answer.body.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
    }

    @Test("with Hysteria's figures, in Prometheus' format")
    func figures() async throws {
        try await APIBench.with { bench in
            let answer = await bench.ask("GET /metrics", token: APIBench.monitor)
            #expect(answer.status == 200)
            #expect(answer.contentType == "text/plain; version=0.0.4; charset=utf-8")
            let samples = samples(answer)
            for sample in [
                "hysteria_up 1",
                #"hysteria_traffic_bytes_total{user="wang",direction="uplink"} 514"#,
                #"hysteria_traffic_bytes_total{user="wang",direction="downlink"} 4017"#,
                #"hysteria_traffic_bytes_total{user="ann\#u{E9}",direction="uplink"} 3"#,
                #"hysteria_all_traffic_bytes_total{direction="uplink"} 518"#,
                #"hysteria_all_traffic_bytes_total{direction="downlink"} 4023"#,
                #"hysteria_online_connections{user="wang"} 2"#,
                "hysteria_all_online_connections 4",
                "hysteria_users_not_shown 0",
            ] {
                #expect(samples.contains(sample), "\(sample)")
            }
            #expect(await bench.hysteria.requests.sorted() == ["GET /online", "GET /traffic"])
        }
    }

    @Test("each family has one HELP and one TYPE, and its samples stand together")
    func families() async throws {
        try await APIBench.with { bench in
            let lines = await bench.ask("GET /metrics", token: APIBench.monitor).body.split(separator: "\n")
            let helps = lines.filter { $0.hasPrefix("# HELP ") }.map { $0.split(separator: " ")[2] }
            let types = lines.filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ")[2] }
            #expect(helps == types && Set(helps).count == helps.count)
        }
    }

    @Test("what comes at once shares the calls to Hysteria")
    func coalesced() async throws {
        try await APIBench.with { bench in
            await withTaskGroup(of: Int.self) { tasks in
                for _ in 0..<50 { tasks.addTask { await bench.ask("GET /metrics", token: APIBench.monitor).status } }
                for await status in tasks { #expect(status == 200) }
            }
            #expect(await bench.hysteria.requests.count < 50)
        }
    }

    @Test("a token without the scope gets 403, none 401, another method 405")
    func refusals() async throws {
        try await APIBench.with { bench in
            #expect(await bench.ask("GET /metrics").status == 403)
            #expect(await bench.ask("GET /metrics", token: nil).status == 401)
            #expect(await bench.ask("POST /metrics", token: APIBench.monitor).status == 405)
            #expect(await bench.ask("GET /metrics?clear=1", token: APIBench.monitor).status == 400)
            #expect(await bench.ask("GET /traffic", token: APIBench.monitor).status == 403)
            #expect(await bench.ask("HEAD /metrics", token: APIBench.monitor).status == 200)
        }
    }

    @Test("a token limited to users sees theirs alone, in the sums as well")
    func limitedToUsers() async throws {
        try await APIBench.with { bench in
            let answer = await bench.ask("GET /metrics", token: APIBench.customer)
            #expect(answer.status == 200)
            let samples = samples(answer)
            #expect(samples.contains(#"hysteria_all_traffic_bytes_total{direction="uplink"} 514"#))
            #expect(samples.contains("hysteria_all_online_connections 2"))
            #expect(samples.contains("hysteria_users_not_shown 0"))
            #expect(samples.contains { $0.contains(#"user="wang""#) })
            #expect(!samples.contains { $0.contains(#"user=""#) && !$0.contains(#"user="wang""#) })
        }
    }

    @Test("with Hysteria down it is 200 all the same, and says so")
    func down() async throws {
        try await APIBench.with { bench in
            _ = await bench.ask("GET /metrics", token: APIBench.monitor)
            for fault in [SimulatorFault.status(500), .dropBeforeAnswer, .notJSON] {
                await bench.hysteria.set(fault: fault)
                let answer = await bench.ask("GET /metrics", token: APIBench.monitor)
                #expect(answer.status == 200)
                let samples = samples(answer)
                #expect(samples.contains("hysteria_up 0"))
                // A counter stays where it is; a gauge that nobody knows is absent.
                #expect(samples.contains(#"hysteria_traffic_bytes_total{user="wang",direction="uplink"} 514"#))
                #expect(!samples.contains { $0.hasPrefix("hysteria_online_connections") })
            }
        }
    }

    @Test("a clear takes nothing off the totals")
    func clear() async throws {
        try await APIBench.with { bench in
            _ = await bench.ask("GET /metrics", token: APIBench.monitor)
            _ = await bench.hysteria.logTraffic(user: "wang", tx: 6, rx: 0)
            _ = await bench.ask("GET /traffic?clear=1")
            _ = await bench.hysteria.logTraffic(user: "wang", tx: 1000, rx: 0)
            let samples = samples(await bench.ask("GET /metrics", token: APIBench.monitor))
            #expect(samples.contains(#"hysteria_traffic_bytes_total{user="wang",direction="uplink"} 1520"#))
            #expect(samples.contains(#"hysteria_traffic_bytes_total{user="other",direction="uplink"} 1"#))
        }
    }

    @Test("users beyond the limit are in the sums, and it says how many they are")
    func userLimit() async throws {
        var settings = MetricsSettings()
        settings.userLimit = 1
        try await APIBench.with(metrics: settings) { bench in
            let samples = samples(await bench.ask("GET /metrics", token: APIBench.monitor))
            #expect(samples.filter { $0.hasPrefix("hysteria_traffic_bytes_total") }.count == 2)
            #expect(samples.filter { $0.hasPrefix("hysteria_online_connections") }.count == 1)
            #expect(samples.contains("hysteria_users_not_shown 2"))
            #expect(samples.contains(#"hysteria_all_traffic_bytes_total{direction="uplink"} 518"#))
        }
    }

    @Test("without user labels there are sums alone")
    func withoutUsers() async throws {
        var settings = MetricsSettings()
        settings.users = false
        try await APIBench.with(metrics: settings) { bench in
            let samples = samples(await bench.ask("GET /metrics", token: APIBench.monitor))
            #expect(!samples.contains { $0.contains("user=") })
            #expect(samples.contains("hysteria_all_online_connections 4"))
            #expect(samples.contains("hysteria_users_not_shown 3"))
        }
    }
}
