import Access
import HTTPServer
import NIOOpenSSL

/// The metrics of the gateway itself.
struct GatewayFigures: Sendable {
    /// What the event loops have done.
    var counters: LoopCounters
    /// The names of tokens.
    var tokens: TokenLabels
    var reloads: GatewayMetrics.Reloads
    /// When each certificate ends, by its first name, in seconds since 1970.
    var certificates: [(name: String, end: Int64)]
    /// Lines that the access log lost.
    var linesLost: UInt64
    /// When the gateway started, in seconds since 1970.
    var started: Int64
    var process: ProcessFigures

    /// Writes the families.
    func write(into writer: inout MetricsWriter) {
        writeRequests(into: &writer)
        writeConnections(into: &writer)
        writeUpstream(into: &writer)
        writeOperation(into: &writer)
    }

    private func writeRequests(into writer: inout MetricsWriter) {
        writer.begin(
            "hysteria_gateway_requests_total",
            .counter,
            "Answered requests; token is empty without a valid one, route is empty for an unknown path."
        )
        for count in counters.requests.all {
            writer.sample(
                count.requests,
                [
                    .init("route", count.route),
                    .init("status", "\(count.status.rawValue)"),
                    .init("token", tokens.name(of: count.token)),
                ]
            )
        }
        writer.begin(
            "hysteria_gateway_request_duration_seconds",
            .histogram,
            "From the header section of a request until its answer was handed to the connection."
        )
        counters.durations.write(into: &writer)
        writer.single(
            "hysteria_gateway_authentication_failures_total",
            .counter,
            "Invalid credentials.",
            counters.authenticationFailures
        )
        writer.single(
            "hysteria_gateway_throttled_total",
            .counter,
            "Authentication failures beyond the rate limit, which got 429.",
            counters.throttled
        )
        writer.begin(
            "hysteria_gateway_cleartext_credentials_total",
            .counter,
            "Plain HTTP requests refused for the credential in them; token is empty for an unknown one."
        )
        let cleartext = counters.cleartextCredentials.merging([TokenLabels.none: 0], uniquingKeysWith: +)
        for (token, count) in cleartext.sorted(by: { $0.key < $1.key }) {
            writer.sample(count, [.init("token", tokens.name(of: token))])
        }
    }

    private func writeConnections(into writer: inout MetricsWriter) {
        writer.single("hysteria_gateway_connections", .gauge, "Open client connections.", counters.connections)
        writer.begin(
            "hysteria_gateway_connections_refused_total",
            .counter,
            "Connections beyond a limit; with limit=handshakes, the oldest handshake was dropped."
        )
        for refusal in ConnectionRefusal.allCases {
            writer.sample(counters.refusals[refusal.rawValue, default: 0], [.init("limit", refusal.rawValue)])
        }
        writer.begin(
            "hysteria_gateway_accept_errors_total",
            .counter,
            "Errors of accept, by kind."
        )
        for failure in AcceptFailure.allCases {
            writer.sample(counters.acceptFailures[failure.rawValue, default: 0], [.init("kind", failure.rawValue)])
        }
        writer.begin(
            "hysteria_gateway_handshakes_total",
            .counter,
            "TLS handshakes; version is empty if they failed, or if the caller sent nothing (silent)."
        )
        writer.sample(counters.handshakesOfTLS12, [.init("version", "TLSv1.2"), .init("result", "completed")])
        writer.sample(counters.handshakesOfTLS13, [.init("version", "TLSv1.3"), .init("result", "completed")])
        writer.sample(counters.handshakesFailed, [.init("version", ""), .init("result", "failed")])
        writer.sample(counters.handshakesSilent, [.init("version", ""), .init("result", "silent")])
        writer.single(
            "hysteria_gateway_sessions_resumed_total",
            .counter,
            "Completed handshakes that resumed an earlier session.",
            counters.sessionsResumed
        )
        writer.begin(
            "hysteria_gateway_http2_abuse_total",
            .counter,
            "Connections closed by HTTP/2 flood protection."
        )
        for kind in HTTP2Abuse.allCases {
            writer.sample(counters.abuses[kind.label, default: 0], [.init("kind", kind.label)])
        }
    }

    private func writeUpstream(into writer: inout MetricsWriter) {
        let upstreams = counters.upstreams.isEmpty ? [UpstreamCounters()] : counters.upstreams
        writer.begin("hysteria_gateway_upstream_requests_total", .counter, "Requests to Hysteria.")
        writer.forEachServer(upstreams, named: \.name) { $0.sample($1.requests) }
        writer.begin(
            "hysteria_gateway_coalesced_requests_total",
            .counter,
            "Calls that shared a request to Hysteria with another call."
        )
        writer.forEachServer(upstreams, named: \.name) { $0.sample($1.coalesced) }
        writer.begin(
            "hysteria_gateway_upstream_errors_total",
            .counter,
            "Failed calls to Hysteria, one for each caller."
        )
        writer.forEachServer(upstreams, named: \.name) { writer, upstream in
            for (kind, count) in upstream.errors.sorted(by: { $0.key < $1.key }) {
                writer.sample(count, [.init("kind", kind)])
            }
        }
    }

    private func writeOperation(into writer: inout MetricsWriter) {
        writer.begin(
            "hysteria_gateway_certificate_expiry_timestamp_seconds",
            .gauge,
            "When a served certificate expires; of several for one name, the first to expire."
        )
        let ends = Dictionary(certificates.map { ($0.name, $0.end) }, uniquingKeysWith: min)
        for (name, end) in ends.sorted(by: { $0.key < $1.key }) {
            writer.sample(UInt64(max(end, 0)), [.init("name", name)])
        }
        writer.begin("hysteria_gateway_reloads_total", .counter, "Reloads of the configuration.")
        writer.sample(reloads.accepted, [.init("result", "accepted")])
        writer.sample(reloads.rejected, [.init("result", "rejected")])
        writer.single(
            "hysteria_gateway_access_log_lines_lost_total",
            .counter,
            "Access log lines dropped because their reader was too slow.",
            linesLost
        )
        writer.begin(
            "hysteria_gateway_loop_turn_max_seconds",
            .gauge,
            "Longest turn of an event loop since the last scrape, in processor time; nobody else is served meanwhile."
        )
        writer.sample(Double(counters.turns.longest) / 1e9)
        writer.single(
            "hysteria_gateway_loop_long_turns_total",
            .counter,
            "Turns of event loops that took more than 5 ms of processor time.",
            counters.turns.long
        )
        writer.begin("hysteria_gateway_build_info", .gauge, "The versions of the gateway and of the system's OpenSSL.")
        writer.sample(
            1 as UInt64,
            [.init("version", GatewayVersion.number), .init("openssl", OpenSSLVersion.description)]
        )
        writer.begin("process_cpu_seconds_total", .counter, "Processor time of the gateway, user and system.")
        writer.sample(process.processorTime)
        if let memory = process.residentMemory {
            writer.single("process_resident_memory_bytes", .gauge, "Memory of the gateway.", memory)
        }
        writer.single("process_start_time_seconds", .gauge, "When the gateway started.", UInt64(max(started, 0)))
    }
}
