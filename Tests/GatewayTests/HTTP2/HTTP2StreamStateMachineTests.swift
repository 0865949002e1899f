import NIOCore
import Testing

@testable import Gateway
@testable import HTTPServer

@Suite("The state of a stream")
struct HTTP2StreamStateMachineTests {
    private let start = NIODeadline.uptimeNanoseconds(0)
    private let timeouts = ServedConnection.timeouts

    @Test("a body that is wanted is taken until it is complete or too large")
    func body() {
        var machine = HTTP2StreamStateMachine()
        machine.headEnded(isComplete: false)
        #expect(!result(machine.didRoute(wantsBody: true, until: start + .seconds(30))))
        #expect(result(machine.receive(count: HTTP2Limits.body)) == .keep)
        #expect(result(machine.limit(timeouts)) == start + .seconds(30))
        #expect(result(machine.receive(count: 1)) == .tooLarge)
        #expect(result(machine.receive(count: 1)) == .drop)
        #expect(!result(machine.ended()))
    }

    @Test("an empty body that is wanted is there at once")
    func emptyBody() {
        var machine = HTTP2StreamStateMachine()
        machine.headEnded(isComplete: true)
        #expect(result(machine.didRoute(wantsBody: true, until: start)))
        #expect(result(machine.limit(timeouts)) == nil)
    }

    @Test("a body that nobody wants is dropped, and declined if it does not end")
    func unwantedBody() {
        var machine = HTTP2StreamStateMachine()
        machine.headEnded(isComplete: false)
        #expect(!result(machine.didRoute(wantsBody: false, until: start)))
        #expect(result(machine.receive(count: 10)) == .drop)
        machine.answer(now: start)
        #expect(machine.isAnswered)
        #expect(!machine.isSent)
        #expect(!result(machine.sent(until: start + .seconds(30))))
        #expect(machine.isSent)
        #expect(result(machine.receive(count: HTTP2Limits.body)) == .drop)
        #expect(result(machine.receive(count: HTTP2Limits.declinedBody)) == .decline)
        #expect(result(machine.expire(now: start + .seconds(29), timeouts)) == nil)
        #expect(result(machine.expire(now: start + .seconds(30), timeouts)) == .decline)
    }

    @Test("what expires is the body or the answer, and once")
    func expiry() {
        var machine = HTTP2StreamStateMachine()
        machine.headEnded(isComplete: false)
        _ = machine.didRoute(wantsBody: true, until: start + .seconds(30))
        #expect(result(machine.expire(now: start + .seconds(29), timeouts)) == nil)
        #expect(result(machine.expire(now: start + .seconds(30), timeouts)) == .reject)
        #expect(result(machine.expire(now: start + .seconds(31), timeouts)) == nil)
        var late = machine
        #expect(result(late.sent(until: start + .hours(1))), "it had its time")
        machine.answer(now: start + .seconds(31))
        machine.took(count: 1000, of: 1000, now: start + .seconds(40))
        machine.took(count: 999, of: 1000, now: start + .seconds(50))
        #expect(result(machine.expire(now: start + .seconds(99), timeouts)) == nil)
        #expect(result(machine.expire(now: start + .seconds(100), timeouts)) == .giveUp)
    }
}
