import ACME
import Testing

@Suite("One request of an authority")
struct RequestStateMachineTests {
    private static func badNonce(_ nonce: String?) -> AuthorityResponse {
        var answer = ModelAuthority.problem(400, "badNonce", "no")
        answer.nonce = nonce
        return answer
    }

    @Test("a refused nonce is followed by the one of that answer, at once, sixteen times")
    func nonces() {
        var machine = RequestStateMachine(isSigned: true)
        #expect(machine.handle(.begin) == .takeNonce)
        #expect(machine.handle(.nonce("a")) == .send(nonce: "a"))
        for index in 0..<16 {
            #expect(machine.handle(.answered(Self.badNonce("n\(index)"))) == .send(nonce: "n\(index)"))
        }
        #expect(machine.handle(.answered(Self.badNonce("z"))) == .deliver(Self.badNonce("z")))
    }

    @Test(
        "without a nonce, or with one that is none, the authority is asked for one",
        arguments: [nil, "", "a b", "a\r\nX: y", "\"", String(repeating: "a", count: 600)]
    )
    func noNonce(nonce: String?) {
        var machine = RequestStateMachine(isSigned: true)
        _ = machine.handle(.begin)
        #expect(machine.handle(.nonce(nonce)) == .fetchNonce)
        #expect(machine.handle(.answered(AuthorityResponse(status: 200, nonce: "b"))) == .send(nonce: "b"))
        #expect(machine.handle(.answered(Self.badNonce(nonce))) == .fetchNonce)
    }

    @Test("what is not signed needs none")
    func unsigned() {
        var machine = RequestStateMachine(isSigned: false)
        #expect(machine.handle(.begin) == .send(nonce: nil))
        #expect(machine.handle(.answered(AuthorityResponse(status: 200))) == .deliver(AuthorityResponse(status: 200)))
    }

    @Test("failures on the way are tried again after 1, 2 and 4 seconds, signed anew")
    func failures() {
        let error = AuthorityTransportError("connection reset")
        for isAnswer in [true, false] {
            var machine = RequestStateMachine(isSigned: true)
            _ = machine.handle(.begin)
            _ = machine.handle(.nonce("a"))
            let answer = AuthorityResponse(status: 502)
            func failure() -> RequestStateMachine.Event { isAnswer ? .answered(answer) : .unanswered(error) }
            for pause: Int64 in [1, 2, 4] {
                #expect(machine.handle(failure()) == .wait(pause))
                #expect(machine.handle(.waited) == .takeNonce)
                #expect(machine.handle(.nonce("b\(pause)")) == .send(nonce: "b\(pause)"))
            }
            #expect(machine.handle(failure()) == (isAnswer ? .deliver(answer) : .fail(error)))
        }
    }

    @Test("whoever says when to come again is not asked again at once")
    func retryAfter() {
        let answer = AuthorityResponse(status: 503, retryAfter: "600")
        var machine = RequestStateMachine(isSigned: false)
        _ = machine.handle(.begin)
        #expect(machine.handle(.answered(answer)) == .deliver(answer))
    }

    @Test("an authority that gives no nonce is given up")
    func neverANonce() {
        var machine = RequestStateMachine(isSigned: true)
        var action = machine.handle(.begin)
        var steps = 0
        while steps < 100 {
            steps += 1
            switch action {
            case .takeNonce: action = machine.handle(.nonce(nil))
            case .fetchNonce: action = machine.handle(.answered(AuthorityResponse(status: 200)))
            case .wait: action = machine.handle(.waited)
            default: steps = 1000
            }
        }
        guard case .fail = action else {
            Issue.record("\(action)")
            return
        }
    }
}
