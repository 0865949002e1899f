import Testing

/// What Prometheus gets.
@Suite(.startsPrograms)
struct MetricsTests {
    @Test("metrics are text for prometheus")
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

    @Test("counters never go backwards whoever clears")
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

    @Test("with Hysteria down the scrape says so")
    func withHysteriaDownTheScrapeSaysSo() async throws {
        try await Scene.play { scene in
            await scene.hysteria.set(fault: .dropBeforeAnswer)
            let answer = try await scene.curl.get("/metrics", token: Tokens.all.text)
            #expect(answer.status == 200)
            #expect(answer.text.contains("hysteria_up 0\n"))
        }
    }

    @Test("the gateway tells of itself")
    func theGatewayTellsOfItself() async throws {
        try await Scene.play { scene in
            for _ in 0..<3 { _ = try await scene.curl.get("/traffic", token: Tokens.all.text) }
            _ = try await scene.curl.get("/online", token: Tokens.stranger.text, tls: .v1_2)
            _ = try await scene.curl.get("/nothing")
            let lines = try await scene.curl.get("/metrics", token: Tokens.all.text).text
                .split(separator: "\n").map(String.init)
            for line in [
                #"hysteria_gateway_requests_total{route="/traffic",status="200",token="all"} 3"#,
                #"hysteria_gateway_requests_total{route="/online",status="401",token=""} 1"#,
                #"hysteria_gateway_requests_total{route="",status="404",token=""} 1"#,
                "hysteria_gateway_request_duration_seconds_count 5",
                #"hysteria_gateway_handshakes_total{version="TLSv1.2",result="completed"} 1"#,
                #"hysteria_gateway_handshakes_total{version="TLSv1.3",result="completed"} 5"#,
                "hysteria_gateway_authentication_failures_total 1",
                "hysteria_gateway_throttled_total 0",
                #"hysteria_gateway_reloads_total{result="rejected"} 0"#,
                #"hysteria_gateway_connections_refused_total{limit="connectionsPerAddress"} 0"#,
                #"hysteria_gateway_accept_errors_total{kind="descriptors"} 0"#,
            ] {
                #expect(lines.contains(line), "\(line)")
            }
            let expiry = #"hysteria_gateway_certificate_expiry_timestamp_seconds{name="localhost"} "#
            #expect(lines.contains { $0.hasPrefix(expiry) })
            #expect(lines.contains { $0.hasPrefix("hysteria_gateway_build_info{version=") && $0.hasSuffix(" 1") })
            #expect(lines.contains { $0.hasPrefix("process_resident_memory_bytes ") })
        }
    }
}
