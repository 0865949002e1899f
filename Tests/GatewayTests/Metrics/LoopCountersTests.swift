import NIOCore
import Testing

@testable import Access
@testable import Gateway
@testable import HTTPServer

@Suite("What event loops have done is added up")
struct LoopCountersTests {
    @Test("requests by route, status and token")
    func requests() {
        let routes = ["/traffic", "/healthz"]
        var one = RequestCounters(routes: routes)
        var other = RequestCounters(routes: routes)
        one.add(route: 0, status: .ok, token: 1)
        one.add(route: 0, status: .ok, token: 1)
        other.add(route: 0, status: .ok, token: 1)
        other.add(route: nil, status: .httpVersionNotSupported, token: TokenLabels.count - 1)
        other.add(route: 1, status: .ok, token: TokenLabels.none)
        one.add(other)
        #expect(
            one.all == [
                .init(route: "", status: .httpVersionNotSupported, token: TokenLabels.count - 1, requests: 1),
                .init(route: "/traffic", status: .ok, token: 1, requests: 3),
                .init(route: "/healthz", status: .ok, token: 0, requests: 1),
            ]
        )
    }

    @Test("every route and status has a place of its own")
    func places() {
        let routes = Route.allCases.map(\.path.description)
        var counters = RequestCounters(routes: routes)
        for route in [nil] + Route.allCases.map(\.number) {
            for status in HTTPStatus.allCases { counters.add(route: route, status: status, token: 2) }
        }
        #expect(counters.all.count == (Route.allCases.count + 1) * HTTPStatus.allCases.count)
        #expect(counters.all.allSatisfy { $0.requests == 1 && $0.token == 2 })
    }

    @Test("a token keeps its number, and those for whom there is none share one")
    func labels() {
        var labels = TokenLabels()
        #expect(labels.number(of: "phone") == 1)
        #expect(labels.number(of: "panel") == 2)
        #expect(labels.number(of: "phone") == 1)
        for index in 0..<100 { _ = labels.number(of: "\(index)") }
        #expect(labels.number(of: "99") == TokenLabels.count - 1)
        #expect(labels.name(of: labels.number(of: "99")) == "(others)")
        #expect(labels.name(of: 2) == "panel")
        #expect(labels.name(of: TokenLabels.none).isEmpty)
    }

    @Test("tokens keep their numbers when the configuration is read anew")
    func labelsAfterReload() {
        let before = TokenTable([.sample("phone", "hg_phone-0123456789"), .sample("panel", "hg_panel-0123456789")])
        let after = TokenTable([.sample("panel", "hg_panel-0123456789")], labels: before.labels)
        let caller = after.caller(for: TokenHasher().digest(of: "hg_panel-0123456789"))
        #expect(caller?.label == 2)
        #expect(after.labels.names == ["", "phone", "panel"])
    }

    @Test("durations in cumulative buckets, with their sum")
    func durations() {
        var one = DurationHistogram()
        one.record(.nanoseconds(500_000))
        one.record(.nanoseconds(500_001))
        var other = DurationHistogram()
        other.record(.seconds(60))
        one.add(other)
        var writer = MetricsWriter()
        writer.begin("a_seconds", .histogram, "")
        one.write(into: &writer)
        let lines = String(buffer: writer.buffer).split(separator: "\n")
        #expect(lines[2] == #"a_seconds_bucket{le="0.0005"} 1"#)
        #expect(lines[3] == #"a_seconds_bucket{le="0.001"} 2"#)
        #expect(lines[15] == #"a_seconds_bucket{le="10.0"} 2"#)
        #expect(lines[16] == #"a_seconds_bucket{le="+Inf"} 3"#)
        #expect(lines[17] == "a_seconds_sum 60.001000001")
        #expect(lines[18] == "a_seconds_count 3")
    }
}
