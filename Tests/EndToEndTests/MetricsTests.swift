import Testing

/// What Prometheus gets.
@Suite(.startsPrograms)
struct MetricsTests {
    @Test
    func metricsAreTextForPrometheus() async throws {
        try await Scene.play { scene in
            let answer = try await scene.curl.get("/metrics", token: Tokens.all.text)
            #expect(answer.status == 200)
            #expect(answer["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            let lines = answer.text.split(separator: "\n").map(String.init)
            #expect(lines.contains("hysteria_up 1"))
            #expect(lines.contains(#"hysteria_traffic_bytes_total{user="wang",direction="downlink"} 4017"#))
            #expect(lines.contains(#"hysteria_online_connections{user="anna"} 2"#))
            #expect(try await scene.curl.get("/metrics", token: Tokens.reader.text).status == 403)
            #expect(try await scene.curl.get("/metrics").status == 401)
        }
    }

    @Test
    func countersNeverGoBackwardsWhoeverClears() async throws {
        try await Scene.play { scene in
            _ = try await scene.curl.get("/metrics", token: Tokens.all.text)
            for _ in 0..<8 {
                _ = await scene.hysteria.logTraffic(user: "wang", tx: 10, rx: 0)
                #expect(try await scene.curl.get("/traffic?clear=1", token: Tokens.clearer.text).status == 200)
            }
            let answer = try await scene.curl.get("/metrics", token: Tokens.all.text)
            #expect(answer.text.contains("hysteria_traffic_bytes_total{user=\"wang\",direction=\"uplink\"} 594\n"))
        }
    }

    @Test
    func withHysteriaDownTheScrapeSaysSo() async throws {
        try await Scene.play { scene in
            await scene.hysteria.set(fault: .dropBeforeAnswer)
            let answer = try await scene.curl.get("/metrics", token: Tokens.all.text)
            #expect(answer.status == 200)
            #expect(answer.text.contains("hysteria_up 0\n"))
        }
    }
}
