import Testing
import Time

@testable import Gateway

@Suite("A message that comes all the time is logged once a second")
struct LogLimiterTests {
    @Test("and says how often it was not")
    func limits() {
        var limiter = LogLimiter()
        #expect(limiter.admit(now: 100) == 0)
        #expect(limiter.admit(now: 100) == nil)
        #expect(limiter.admit(now: 100) == nil)
        #expect(limiter.admit(now: 101) == 2)
        #expect(limiter.admit(now: 101) == nil)
        #expect(limiter.admit(now: 500) == 1)
        #expect(limiter.admit(now: 501) == 0)
    }

    @Test("a clock that is set back does not silence it")
    func clockSetBack() {
        var limiter = LogLimiter()
        #expect(limiter.admit(now: 100) == 0)
        #expect(limiter.admit(now: 50) == 0)
    }
}
