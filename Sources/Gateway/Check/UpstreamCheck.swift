import HysteriaStats

/// Checks that Hysteria answers, with a real call that changes nothing.
struct UpstreamCheck {
    private let settings: UpstreamSettings
    private let environment: CheckEnvironment

    init(_ settings: UpstreamSettings, environment: CheckEnvironment) {
        self.settings = settings
        self.environment = environment
    }

    func result() async -> CheckResult {
        let upstream = StatsUpstream(address: settings.address, secret: settings.secret, timeout: settings.timeout)
        switch await environment.ask(upstream) {
        case .success:
            return .ok("Hysteria's stats API at \(settings.address) answers")
        case .failure(let error):
            return .failure("\(error)")
        }
    }
}
