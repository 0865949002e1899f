import HysteriaStats

/// Checks that Hysteria answers, with a real call that changes nothing.
struct UpstreamCheck {
    private let upstream: StatsUpstream
    private let environment: CheckEnvironment

    init(_ upstream: StatsUpstream, environment: CheckEnvironment) {
        self.upstream = upstream
        self.environment = environment
    }

    func result() async -> CheckResult {
        switch await environment.ask(upstream) {
        case .success:
            return .ok("Hysteria's stats API at \(upstream.address) answers")
        case .failure(let error):
            return .failure("\(error)")
        }
    }
}
