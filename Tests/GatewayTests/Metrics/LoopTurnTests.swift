import Glibc
import NIOCore
import NIOPosix
import Testing

@testable import Gateway

@Suite("The longest turn of an event loop is measured")
struct LoopTurnTests {
    private static func end(_ meter: inout LoopTurnMeter, at microseconds: Int64, used: Int64) {
        meter.turnEnded(at: .uptimeNanoseconds(UInt64(microseconds * 1000))) { used * 1000 }
    }

    @Test("in processor time, from one scrape to the next")
    func longest() {
        var meter = LoopTurnMeter()
        Self.end(&meter, at: 1000, used: 100)
        Self.end(&meter, at: 11_000, used: 2100)
        Self.end(&meter, at: 99_000, used: 2200)
        #expect(meter.take() == .init(longest: 2_000_000, long: 0))
        Self.end(&meter, at: 110_000, used: 7300)
        Self.end(&meter, at: 120_000, used: 7400)
        #expect(meter.take() == .init(longest: 5_100_000, long: 1))
        #expect(meter.take() == .init(longest: 0, long: 1))
    }

    @Test("the kernel is not asked after each short turn, and what they used is counted with the next")
    func short() {
        var meter = LoopTurnMeter()
        Self.end(&meter, at: 1000, used: 0)
        for turn in 1...4 {
            meter.turnEnded(at: .uptimeNanoseconds(UInt64(1000 + 100 * turn) * 1000)) {
                Issue.record("asked")
                return 0
            }
        }
        Self.end(&meter, at: 1500, used: 450)
        #expect(meter.take().longest == 450_000)
    }

    @Test("of all event loops it is the longest, and long ones are counted together")
    func sum() {
        var figures = LoopTurnMeter.Figures(longest: 3, long: 1)
        figures.add(.init(longest: 2, long: 4))
        #expect(figures == .init(longest: 3, long: 5))
    }

    @Test("a real one that is kept busy shows it")
    func real() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1, metricsDelegate: LoopTurns())
        let loop = group.next()
        // The first turn is what the second one is measured from.
        try await loop.submit {}.get()
        try await loop.scheduleTask(in: .milliseconds(2)) {}.futureResult.get()
        let used: @Sendable () -> Int = {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return time.tv_sec * 1_000_000_000 + time.tv_nsec
        }
        try await loop.submit {
            let end = used() + 10_000_000
            while used() < end {}
        }.get()
        let figures = try await loop.submit { LoopTurns.take() }.get()
        #expect(figures.longest >= 10_000_000 && figures.long >= 1)
        try await group.shutdownGracefully()
    }
}
