import NIOCore
import NIOEmbedded
import Testing

@testable import LoopTimers

@Suite("The coarse timers of an event loop")
struct LoopTimersTests {
    private final class Probe: LoopTimer {
        var timerPosition = LoopTimerPosition.unset
        var fired: [NIODeadline] = []
        var onFire: () -> Void = {}

        func timerFired(now: NIODeadline) {
            fired.append(now)
            onFire()
        }
    }

    private let loop = EmbeddedEventLoop()
    private let timers: LoopTimers

    init() {
        timers = LoopTimers(eventLoop: loop)
    }

    private func at(_ time: TimeAmount) -> NIODeadline { .uptimeNanoseconds(0) + time }

    @Test(
        "a timer fires once, never early, and at most one granule late",
        arguments: [0, 1, 99, 100, 101, 1_000, 59_950, 102_300, 102_400, 250_001] as [Int64]
    )
    func precision(milliseconds: Int64) {
        let probe = Probe()
        timers.set(probe, to: at(.milliseconds(milliseconds)))
        #expect(probe.timerPosition.isSet)
        if milliseconds > 0 {
            loop.advanceTime(by: .milliseconds(milliseconds) - .nanoseconds(1))
            #expect(probe.fired.isEmpty)
        }
        loop.advanceTime(by: LoopTimers.granularity + .nanoseconds(1))
        #expect(probe.fired.count == 1)
        #expect(!probe.timerPosition.isSet)
        loop.advanceTime(by: .minutes(10))
        #expect(probe.fired.count == 1)
    }

    @Test("a cancelled timer does not fire, and the others of its slot do")
    func cancel() {
        let probes = (0..<5).map { _ in Probe() }
        for probe in probes { timers.set(probe, to: at(.seconds(1))) }
        for index in [0, 3, 3] { timers.cancel(probes[index]) }
        loop.advanceTime(by: .seconds(2))
        #expect(probes.map(\.fired.count) == [0, 1, 1, 0, 1])
    }

    @Test("setting a timer again moves it")
    func move() {
        let probe = Probe()
        timers.set(probe, to: at(.seconds(1)))
        timers.set(probe, to: at(.seconds(5)))
        loop.advanceTime(by: .seconds(4))
        #expect(probe.fired.isEmpty)
        timers.set(probe, to: at(.milliseconds(4_200)))
        loop.advanceTime(by: .milliseconds(300))
        #expect(probe.fired.count == 1)
    }

    @Test("a timer that fires may set itself, and cancel and set others")
    func reentrancy() {
        let first = Probe()
        let second = Probe()
        let third = Probe()
        for probe in [second, third, first] { timers.set(probe, to: at(.seconds(1))) }
        first.onFire = { [timers, loop] in
            timers.cancel(second)
            timers.set(third, to: loop.now + .seconds(1))
            if first.fired.count < 3 { timers.set(first, to: loop.now) }
        }
        loop.advanceTime(by: .milliseconds(1_500))
        #expect(first.fired.count == 3)
        #expect(second.fired.isEmpty)
        #expect(third.fired.isEmpty)
        loop.advanceTime(by: .seconds(2))
        #expect(third.fired.count == 1)
    }

    @Test("a timer is held until it has fired or is cancelled, and no longer")
    func ownership() {
        weak var fired: Probe?
        weak var cancelled: Probe?
        do {
            let first = Probe()
            let second = Probe()
            timers.set(first, to: at(.seconds(1)))
            timers.set(second, to: at(.seconds(1)))
            fired = first
            cancelled = second
            timers.cancel(second)
        }
        #expect(fired != nil)
        #expect(cancelled == nil)
        loop.advanceTime(by: .seconds(2))
        #expect(fired == nil)
    }

    @Test("what is set after a long pause keeps its time")
    func pause() {
        loop.advanceTime(by: .hours(1) + .milliseconds(37))
        let probe = Probe()
        timers.set(probe, to: loop.now + .seconds(3))
        loop.advanceTime(by: .milliseconds(2_999))
        #expect(probe.fired.isEmpty)
        loop.advanceTime(by: .milliseconds(101))
        #expect(probe.fired.count == 1)
    }

    @Test("any sequence of settings and cancellations has the outcome of a sorted list")
    func model() {
        var random = LinearCongruentialGenerator(state: 42)
        let probes = (0..<40).map { _ in Probe() }
        var due: [Int: NIODeadline] = [:]
        var expected = [Int](repeating: 0, count: probes.count)
        for _ in 0..<4_000 {
            let index = Int.random(in: 0..<probes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1:
                due[index] = loop.now + .milliseconds(.random(in: 1...150_000, using: &random))
                due[index].map { timers.set(probes[index], to: $0) }
            case 2:
                due[index] = nil
                timers.cancel(probes[index])
            default:
                let step = TimeAmount.milliseconds(100 * .random(in: 0...300, using: &random))
                let end = NIODeadline.uptimeNanoseconds(
                    (loop.now + step).uptimeNanoseconds / 100_000_000 * 100_000_000
                )
                loop.advanceTime(to: max(end, loop.now))
                for (index, time) in due where time <= loop.now {
                    expected[index] += 1
                    due[index] = nil
                }
                #expect(probes.map(\.fired.count) == expected)
            }
        }
        #expect(expected.reduce(0, +) > 500)
    }

    @Test("an event loop's timers are the same for all who ask on it")
    func shared() {
        let other = EmbeddedEventLoop()
        #expect(LoopTimers.of(loop) === LoopTimers.of(loop))
        #expect(LoopTimers.of(other) !== LoopTimers.of(loop))
    }
}

/// Numbers that are the same in every run.
private struct LinearCongruentialGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}
