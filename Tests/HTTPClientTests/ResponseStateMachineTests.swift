import NIOCore
import SeededRandom
import Testing

@testable import HTTPClient

@Suite("A response of any status")
struct ResponseStateMachineTests {
    /// What came of a connection: the head, and what ended the response.
    private struct Outcome: Equatable {
        var status: Int?
        var fields: [String] = []
        var end: ResponseStateMachine.Action
    }

    private static let limit = 40

    private func run(_ segments: [[UInt8]], isHead: Bool = false) -> Outcome {
        var machine = ResponseStateMachine(bodyLimit: Self.limit, keeping: ["location", "replay-nonce", "link"])
        machine.requestSent(isHead: isHead)
        var outcome = Outcome(end: .wait)
        func take(_ action: ResponseStateMachine.Action) -> Bool {
            guard case .head(let head) = action else {
                outcome.end = action
                return action != .wait
            }
            #expect(outcome.status == nil, "the head comes once")
            outcome.status = head.status
            outcome.fields = head.fields.map { "\($0.name)=\($0.value)" }
            return false
        }
        for segment in segments {
            var buffer = ByteBuffer(bytes: segment)
            while true {
                let action = machine.received(&buffer)
                if take(action) { return outcome }
                guard case .head = action else { break }
            }
        }
        _ = take(machine.ended())
        return outcome
    }

    private func run(_ text: String, isHead: Bool = false) -> Outcome {
        run([Array(text.utf8)], isHead: isHead)
    }

    private static func complete(_ body: String, reusable: Bool = true) -> ResponseStateMachine.Action {
        .complete(ByteBuffer(string: body), reusable: reusable)
    }

    private static let answers: [(String, Int, [String], ResponseStateMachine.Action)] = [
        (
            "HTTP/1.1 201 Created\r\nLocation: https://a/1\r\nContent-Length: 2\r\n\r\n{}", 201,
            ["location=https://a/1"], complete("{}")
        ),
        ("HTTP/1.1 204 No Content\r\nReplay-Nonce: \t abc\r\n\r\n", 204, ["replay-nonce=abc"], complete("")),
        ("HTTP/1.1 304 x\r\nContent-Length: 9\r\n\r\n", 304, [], complete("")),
        ("HTTP/1.1 404 x\r\nContent-Length: 4\r\n\r\nnone", 404, [], complete("none")),
        (
            "HTTP/1.1 429 x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n", 429, [],
            complete("abc")
        ),
        ("HTTP/1.1 500 x\r\n\r\nuntil close", 500, [], complete("until close", reusable: false)),
        ("HTTP/1.1 101 x\r\n\r\nabc", 101, [], complete("abc", reusable: false)),
        (
            "HTTP/1.1 103 x\r\nLink: <early>\r\n\r\nHTTP/1.1 200 x\r\nLink: <a>\r\nLINK: <b>\r\nContent-Length: 0\r\n\r\n",
            200, ["link=<a>", "link=<b>"], complete("")
        ),
        (
            "HTTP/1.1 200 x\r\nContent-Length: 41\r\n\r\n\(String(repeating: "x", count: 41))", 200, [],
            .fail(.tooLarge(limit: 40))
        ),
        (
            "HTTP/1.1 200 x\r\nContent-Length: 40\r\n\r\n\(String(repeating: "x", count: 40))", 200, [],
            complete(String(repeating: "x", count: 40))
        ),
    ]

    @Test("is read however it is split", arguments: Self.answers.indices)
    func split(index: Int) {
        let (text, status, fields, end) = Self.answers[index]
        let expected = Outcome(status: status, fields: fields, end: end)
        let bytes = Array(text.utf8)
        #expect(run([bytes]) == expected)
        #expect(run(bytes.map { [$0] }) == expected)
        for cut in 1..<bytes.count {
            #expect(run([Array(bytes[..<cut]), Array(bytes[cut...])]) == expected, "split at \(cut)")
        }
    }

    @Test("an answer to HEAD has no body, whatever it announces")
    func head() {
        let head = "HTTP/1.1 200 OK\r\nReplay-Nonce: n\r\n"
        for announced in ["Content-Length: 99999\r\n", "Transfer-Encoding: chunked\r\n", "Content-Length: 0\r\n", ""] {
            let outcome = run(head + announced + "\r\n", isHead: true)
            #expect(outcome == Outcome(status: 200, fields: ["replay-nonce=n"], end: Self.complete("")))
        }
        #expect(run(head + "\r\nx", isHead: true).end == Self.complete("", reusable: false))
    }

    @Test("fields that nobody asked for are not kept, and those of an earlier head are forgotten")
    func fields() {
        var machine = ResponseStateMachine(bodyLimit: Self.limit, keeping: ["location"])
        for (text, expected) in [
            ("Location: a\r\nX: y\r\n", "a"), ("Location: \u{e9}\r\n", "\u{e9}"), ("X: y\r\n", nil),
        ] {
            machine.requestSent()
            var buffer = ByteBuffer(string: "HTTP/1.1 200 OK\r\n\(text)Content-Length: 0\r\n\r\n")
            guard case .head(let head) = machine.received(&buffer) else {
                Issue.record("no head")
                return
            }
            #expect(head.value(of: "location") == expected)
            #expect(head.fields.count == (expected == nil ? 0 : 1))
            #expect(machine.received(&buffer) == Self.complete(""))
        }
    }

    @Test("what its user refuses is not read on")
    func refused() {
        var machine = ResponseStateMachine(bodyLimit: Self.limit)
        machine.requestSent()
        var buffer = ByteBuffer(string: "HTTP/1.1 500 x\r\nContent-Length: 2\r\n\r\nab")
        guard case .head = machine.received(&buffer) else {
            Issue.record("no head")
            return
        }
        machine.refuse()
        #expect(machine.received(&buffer) == .wait)
        #expect(machine.ended() == .wait)
    }

    @Test("mutated answers are read the same however they are split")
    func mutations() {
        let seed: UInt64 = 20_261_127
        var random = SeededGenerator(seed: seed)
        for round in 0..<20_000 {
            var bytes = Array(Self.answers[round % Self.answers.count].0.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
            }
            let cut = Int.random(in: 0...bytes.count, using: &random)
            let whole = run([bytes])
            let inTwo = run([Array(bytes[..<cut]), Array(bytes[cut...])])
            #expect(whole == inTwo, "seed \(seed), cut at \(cut): \(String(decoding: bytes, as: UTF8.self))")
            if case .complete(let body, _) = whole.end { #expect(body.readableBytes <= Self.limit) }
        }
    }
}
