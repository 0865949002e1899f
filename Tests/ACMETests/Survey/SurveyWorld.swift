import ACME
import NIOConcurrencyHelpers
import Testing

/// A clock that stands still, and does something when somebody sleeps.
final class StillClock: KeeperClock {
    private let time: Int64
    private let whenSleeping: @Sendable () -> Void

    init(_ time: Int64 = 0, whenSleeping: @escaping @Sendable () -> Void = {}) {
        self.time = time
        self.whenSleeping = whenSleeping
    }

    func now() -> Int64 { time }
    func sleep(_ seconds: Int64) async { whenSleeping() }
}

/// An authority that gives one answer.
struct OneAnswer: AuthorityTransport {
    let result: Result<AuthorityResponse, AuthorityTransportError>

    func send(_ request: WireRequest) async throws(AuthorityTransportError) -> AuthorityResponse {
        #expect(request.method == .get && request.followsRedirects && request.body == nil)
        return try result.get()
    }
}

/// Checks the verdict of the only finding, and what its words have.
func expect(
    _ findings: [SurveyFinding],
    _ verdict: SurveyFinding.Verdict,
    _ parts: String...,
    at location: SourceLocation = #_sourceLocation
) {
    #expect(findings.count == 1, "\(findings)", sourceLocation: location)
    guard let finding = findings.first else { return }
    #expect(finding.verdict == verdict, "\(finding.words)", sourceLocation: location)
    for part in parts { #expect(finding.words.contains(part), "\(finding.words)", sourceLocation: location) }
    #expect(!finding.words.contains("\n"), sourceLocation: location)
}

/// Holds a thread up until it is set.
final class BlockingFlag: Sendable {
    private let lock = ConditionLock(value: false)

    func set() {
        lock.lock()
        lock.unlock(withValue: true)
    }

    func wait() {
        lock.lock(whenValue: true)
        lock.unlock()
    }
}
