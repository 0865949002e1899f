import NIOCore
import Testing

@testable import Gateway
@testable import HTTPServer

@Suite("The state of an HTTP/2 connection")
struct HTTP2ConnectionStateMachineTests {
    private let start = NIODeadline.uptimeNanoseconds(0)

    private func machine() -> HTTP2ConnectionStateMachine {
        HTTP2ConnectionStateMachine(ServedConnection.timeouts, now: start)
    }

    @Test("has a limit whenever the caller is waited for")
    func limits() {
        var machine = machine()
        #expect(machine.limit == start + .seconds(10))
        machine.streamOpened(now: start + .seconds(1))
        #expect(machine.limit == start + .seconds(11))
        machine.headEnded()
        #expect(machine.limit == nil)
        #expect(result(machine.streamClosed(wasAnswered: true, now: start + .seconds(5))) == nil)
        #expect(machine.limit == start + .seconds(65))
        machine.end(now: start + .seconds(6))
        #expect(machine.limit == start + .seconds(8))
        machine.end(now: start + .seconds(7))
        #expect(machine.limit == start + .seconds(8), "it ends once")
        #expect(result(machine.expire(now: start + .seconds(8))) == .close)
    }

    @Test("goes on in a drain until the caller knows, or is taken to know")
    func drain() {
        var machine = machine()
        #expect(result(machine.drain(now: start)) == .announce)
        #expect(result(machine.drain(now: start)) == .none)
        #expect(result(machine.expire(now: start + .seconds(1))) == .none)
        #expect(result(machine.expire(now: start + .seconds(2))) == .refuseFurther)
        #expect(result(machine.announcementWasRead()) == .none)
        #expect(machine.limit == start + .seconds(10))
    }

    @Test("counts requests without an answer, not those with one")
    func unanswered() {
        var machine = machine()
        for _ in 0..<10_000 {
            machine.streamOpened(now: start)
            #expect(result(machine.streamClosed(wasAnswered: true, now: start)) == nil)
        }
        for _ in 0..<HTTP2Limits.unanswered.burst {
            machine.streamOpened(now: start)
            #expect(result(machine.streamClosed(wasAnswered: false, now: start)) == nil)
        }
        machine.streamOpened(now: start)
        #expect(result(machine.streamClosed(wasAnswered: false, now: start)) == .unansweredRequests)
    }

    @Test("measures header lists as RFC 9113 does")
    func headerLists() {
        var machine = machine()
        machine.headBegan(now: start)
        for _ in 0..<256 { #expect(result(machine.field(nameLength: 16, valueLength: 16)) == nil) }
        #expect(!machine.isHeaderListTooLarge)
        #expect(result(machine.field(nameLength: 1, valueLength: 0)) == nil)
        #expect(machine.isHeaderListTooLarge)
        #expect(result(machine.field(nameLength: 0, valueLength: HTTP2Limits.hostileHeaderList)) == .headerList)
        machine.headBegan(now: start)
        #expect(!machine.isHeaderListTooLarge)
    }
}
