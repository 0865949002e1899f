import NIOCore
import Testing

@testable import Access
@testable import Gateway

@Suite("Failed attempts are throttled by address")
struct FailureThrottleTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    private func block(_ address: String) throws -> AddressBlock {
        try #require(AddressBlock(try SocketAddress(ipAddress: address, port: 4711)))
    }

    /// The block of one of many addresses.
    private func block(number: Int) throws -> AddressBlock {
        try block("10.\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)")
    }

    @Test("ten at once, then one every six seconds, however often is tried in between")
    func pace() throws {
        var throttle = FailureThrottle()
        let caller = try block("192.0.2.1")
        for _ in 0..<10 { #expect(throttle.fail(caller, now: start) == nil) }
        #expect(throttle.fail(caller, now: start) == 6)
        var passed = 0
        for tenth in 1...600 where throttle.fail(caller, now: start + .milliseconds(Int64(tenth) * 100)) == nil {
            passed += 1
            #expect(tenth.isMultiple(of: 60))
        }
        #expect(passed == 10)
        #expect(throttle.failures == 611)
        #expect(throttle.throttled == 591)
    }

    @Test("and all at once again after a minute of rest")
    func rest() throws {
        var throttle = FailureThrottle()
        let caller = try block("192.0.2.1")
        for _ in 0..<20 { _ = throttle.fail(caller, now: start) }
        for _ in 0..<10 { #expect(throttle.fail(caller, now: start + .seconds(60)) == nil) }
        #expect(throttle.fail(caller, now: start + .seconds(60)) == 6)
    }

    @Test("the wait is told in whole seconds, and waiting as long is enough")
    func wait() throws {
        var throttle = FailureThrottle()
        let caller = try block("192.0.2.1")
        for _ in 0..<10 { _ = throttle.fail(caller, now: start) }
        for milliseconds in [1, 999, 1000, 1001, 5000, 5001, 5999] as [Int64] {
            let seconds = throttle.fail(caller, now: start + .milliseconds(milliseconds))
            #expect(seconds == (6000 - milliseconds + 999) / 1000)
        }
        #expect(throttle.fail(caller, now: start + .seconds(6)) == nil)
    }

    @Test("each address for itself, and an IPv6 caller by the network of 64 bits")
    func separate() throws {
        var throttle = FailureThrottle()
        for number in 0..<10 { #expect(try throttle.fail(block("2001:db8::\(number + 1)"), now: start) == nil) }
        #expect(try throttle.fail(block("2001:db8::ffff"), now: start) != nil)
        #expect(try throttle.fail(block("2001:db8:0:1::1"), now: start) == nil)
        #expect(try throttle.fail(block("192.0.2.1"), now: start) == nil)
        for _ in 0..<100 { #expect(throttle.fail(nil, now: start) == nil) }
    }

    @Test("in the same memory for any number of addresses")
    func bounded() throws {
        var throttle = FailureThrottle()
        for number in 0..<100_000 { _ = try throttle.fail(block(number: number), now: start) }
        #expect(throttle.failures == 100_000)
        // Every place of 4,096 gives ten failures and no more, however many addresses take turns in it.
        #expect(throttle.failures - throttle.throttled == 40_960)
    }

    @Test("failing from other addresses does not wipe a debt out")
    func eviction() throws {
        var throttle = FailureThrottle(sets: 1)
        let caller = try block("192.0.2.1")
        var passed = 0
        for number in 0..<1000 {
            if throttle.fail(caller, now: start) == nil { passed += 1 }
            if try throttle.fail(block(number: number), now: start) == nil { passed += 1 }
        }
        #expect(passed == 40)
    }

    @Test("whoever has the least to be forgiven makes room")
    func victim() throws {
        var throttle = FailureThrottle(sets: 1)
        let heavy = try block("192.0.2.1")
        for _ in 0..<10 { _ = throttle.fail(heavy, now: start) }
        for number in 0..<12 { #expect(try throttle.fail(block(number: number), now: start) == nil) }
        #expect(throttle.fail(heavy, now: start) == 6)
    }

    @Test("a place that is forgiven is as good as a free one")
    func forgiven() throws {
        var throttle = FailureThrottle(sets: 1)
        for number in 0..<1000 { _ = try throttle.fail(block(number: number), now: start) }
        let caller = try block("192.0.2.1")
        for _ in 0..<10 { #expect(throttle.fail(caller, now: start + .seconds(60)) == nil) }
    }
}
