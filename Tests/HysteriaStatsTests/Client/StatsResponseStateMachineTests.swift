import HysteriaSimulator
import NIOCore
import Testing

@testable import HysteriaStats

@Suite struct StatsResponseStateMachineTests {
    private typealias Action = StatsResponseStateMachine.Action

    private static let limit = 100

    /// Feeds segments and then the end of the connection, and returns the first action that is not to wait.
    private func run(
        _ segments: [[UInt8]],
        expecting: StatsResponseStateMachine.Expectation = .json
    ) -> StatsResponseStateMachine.Action {
        var machine = StatsResponseStateMachine(bodyLimit: Self.limit)
        machine.requestSent(expecting: expecting)
        for segment in segments {
            var buffer = ByteBuffer(bytes: segment)
            let action = machine.received(&buffer)
            if action != .wait { return action }
        }
        return machine.ended()
    }

    private func run(
        _ text: String,
        expecting: StatsResponseStateMachine.Expectation = .json
    ) -> StatsResponseStateMachine.Action {
        self.run([Array(text.utf8)], expecting: expecting)
    }

    static let answers: [(String, StatsResponseStateMachine.Action)] = [
        (Responses.json(#"{"a":1}"#), .complete(ByteBuffer(string: #"{"a":1}"#), reusable: true)),
        (Responses.json(" {}\n"), .complete(ByteBuffer(string: " {}\n"), reusable: true)),
        (Responses.json("{}", extra: "Connection: close\r\n"), .complete(ByteBuffer(string: "{}"), reusable: false)),
        (
            Responses.json("{}", extra: "CONNECTION: a , Close\r\n"),
            .complete(ByteBuffer(string: "{}"), reusable: false)
        ),
        (Responses.chunked(["{", "\"a\":", "1}"]), .complete(ByteBuffer(string: #"{"a":1}"#), reusable: true)),
        (Responses.chunked(["{}"], trailer: "X: y\r\n"), .complete(ByteBuffer(string: "{}"), reusable: true)),
        (
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + Responses.json("{}"),
            .complete(ByteBuffer(string: "{}"), reusable: true)
        ),
        (
            "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
            .complete(ByteBuffer(string: "{}"), reusable: false)
        ),
        (
            "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
            .complete(ByteBuffer(string: "{}"), reusable: true)
        ),
        (
            "HTTP/1.1 200\r\ncontent-type:APPLICATION/JSON \r\n\r\n{\"a\":{}}",
            .complete(ByteBuffer(string: "{\"a\":{}}"), reusable: false)
        ),
        (Responses.status("401 Unauthorized", body: "unauthorized\n"), .fail(.secretRefused)),
        (Responses.status("404 Not Found"), .fail(.unexpectedStatus(404))),
        (Responses.status("302 Found"), .fail(.unexpectedStatus(302))),
        (Responses.status("500 Internal Server Error"), .fail(.unexpectedStatus(500))),
        (Responses.status("204 No Content"), .fail(.unexpectedStatus(204))),
        ("HTTP/1.1 101 Switching Protocols\r\n\r\n", .fail(.unexpectedStatus(101))),
        (Responses.json(String(repeating: " ", count: 99) + "{}"), .fail(.answerTooLarge(limit: 100))),
        (
            Responses.chunked(["{" + String(repeating: " ", count: 60), String(repeating: " ", count: 60) + "}"]),
            .fail(.answerTooLarge(limit: 100))
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\(String(repeating: " ", count: 100))}",
            .fail(.answerTooLarge(limit: 100))
        ),
    ]

    @Test("an answer is understood however it is split", arguments: Self.answers.indices)
    func anAnswerIsUnderstoodHoweverItIsSplit(index: Int) {
        let (text, expected) = Self.answers[index]
        let bytes = Array(text.utf8)
        #expect(run([bytes]) == expected)
        #expect(run(bytes.map { [$0] }) == expected)
        for split in 1..<bytes.count {
            #expect(run([Array(bytes[..<split]), Array(bytes[split...])]) == expected, "split at \(split)")
        }
    }

    @Test("an answer cut short is never complete", arguments: Self.answers.indices)
    func anAnswerCutShortIsNeverComplete(index: Int) {
        let (text, expected) = Self.answers[index]
        let bytes = Array(text.utf8)
        for end in 0..<bytes.count {
            switch run([Array(bytes[..<end])]) {
            case .complete(let body, _): Issue.record("complete after \(end) bytes: \(String(buffer: body))")
            case .fail(let kind):
                #expect(kind != .shutDown && (kind == .connectionLost || .fail(kind) == expected || kind.isMalformed))
            case .wait: Issue.record("the end of the connection is an end")
            }
        }
    }

    @Test(
        "what is not HTTP is malformed",
        arguments: [
            "\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/2 200 OK\r\n", "HTTP/1.1  200 OK\r\n", "HTTP/1.1 20 OK\r\n",
            "HTTP/1.1 2000 OK\r\n", "HTTP/1.1 2x0 OK\r\n", "HTTP/1.1 -20 OK\r\n", "HTTP/1.2 200 OK\r\n",
            "HTTP/1.1 099 OK\r\n",
            "http/1.1 200\n", "HTTP/1.1 200 OK\n\n", "HTTP/1.1 200 OK\r\r\n", "HTTP/1.1 200 O\u{0}K\r\n",
            "<html><body>hello</body></html>\n", "\u{1}\u{2}\u{3}\n", "{}\n",
        ]
    )
    func whatIsNotHTTPIsMalformed(text: String) {
        #expect(run(text).isMalformed)
    }

    @Test(
        "a head that can be read in two ways is malformed",
        arguments: [
            "Content-Length: 2\r\nContent-Length: 2", "Content-Length: 2\r\nContent-Length: 3", "Content-Length: -1",
            "Content-Length: +2", "Content-Length: 0x2", "Content-Length: 2, 2", "Content-Length:",
            "Content-Length: 2 2",
            "Content-Length: 99999999999999999999", "Content-Length: 9223372036854775808",
            "Content-Length: 2\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 2",
            "Transfer-Encoding: gzip", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked, chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Transfer-Encoding:", "nonsense", ": x",
            "Content-Length : 2", " Content-Length: 2", "X: a\r\n folded", "X: a\u{0}b", "X: a\rb", "X\u{e9}: a",
            "Content-Length: 0",
        ]
    )
    func aHeadThatCanBeReadInTwoWaysIsMalformed(headers: String) {
        #expect(run("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\(headers)\r\n\r\n{}").isMalformed)
    }

    @Test(
        "a wrong chunk size is malformed",
        arguments: [
            "", "x", "-1", "+1", "0x1", "1 1", "1000000000000000", "ffffffffffffffffffff", "\u{e9}", "2\u{0}",
        ]
    )
    func aWrongChunkSizeIsMalformed(size: String) {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(run("\(head)\(size)\r\n{}\r\n0\r\n\r\n").isMalformed)
    }

    @Test("a chunk longer than it says is malformed")
    func aChunkLongerThanItSaysIsMalformed() {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(run("\(head)1\r\n{}\r\n0\r\n\r\n").isMalformed)
        #expect(run("\(head)2 ; a=b\r\n{}\r\n000\r\n\r\n") == .complete(ByteBuffer(string: "{}"), reusable: true))
    }

    @Test(
        "another type is malformed for a read only",
        arguments: ["text/html", "application/jsonp", "application/json-seq", "text/plain; application/json", ""]
    )
    func anotherTypeIsMalformedForAReadOnly(type: String) {
        let text = "HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nContent-Length: 2\r\n\r\n{}"
        #expect(run(text).isMalformed)
        #expect(run(text, expecting: .anything) == .complete(ByteBuffer(string: "{}"), reusable: true))
        #expect(run(Responses.kicked, expecting: .anything) == .complete(ByteBuffer(), reusable: true))
    }

    @Test(
        "a body that is no object is malformed",
        arguments: [
            "[]", "{", "}", "null", "  ", "<html></html>", "{}x", "{}{}", #"{"a":{"tx":1,"rx":2}"#, "{{}", #"{"a":"}"#,
            #"{"a\"}"#, #"{"a":"\\\"}"#, #"{"a":"\"#, "{[}",
        ]
    )
    func aBodyThatIsNoObjectIsMalformed(body: String) {
        #expect(run(Responses.json(body)).isMalformed)
        #expect(run("HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + body).isMalformed)
    }

    @Test("bytes behind the answer forbid another request")
    func bytesBehindTheAnswerForbidAnotherRequest() {
        #expect(run(Responses.json("{}") + "x") == .complete(ByteBuffer(string: "{}"), reusable: false))
        #expect(run(Responses.chunked(["{}"]) + "x") == .complete(ByteBuffer(string: "{}"), reusable: false))
    }

    @Test("bytes that nobody asked for are malformed")
    func bytesThatNobodyAskedForAreMalformed() {
        var machine = StatsResponseStateMachine(bodyLimit: Self.limit)
        var buffer = ByteBuffer(string: Responses.json("{}"))
        #expect(machine.received(&buffer).isMalformed)
        #expect(!machine.hasBegun)
    }

    @Test("heads are limited")
    func headsAreLimited() {
        let start = "HTTP/1.1 200 OK\r\n"
        #expect(run(start + String(repeating: "a", count: 20_000)).isMalformed)
        #expect(run(start + String(repeating: "a: b\r\n", count: 4000)).isMalformed)
        #expect(run(String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 1000)).isMalformed)
        let pieces = Array(repeating: Array("aaaaaaaaaa".utf8), count: 2000)
        #expect(run([Array(start.utf8)] + pieces).isMalformed)
        let trailers = String(repeating: "a: b\r\n", count: 4000)
        #expect(run(Responses.chunked(["{}"], trailer: trailers)).isMalformed)
    }

    @Test("one machine reads many answers")
    func oneMachineReadsManyAnswers() {
        var machine = StatsResponseStateMachine(bodyLimit: Self.limit)
        for round in 0..<100 {
            machine.requestSent(expecting: .json)
            #expect(!machine.hasBegun)
            let body = #"{"round":\#(round)}"#
            var buffer = ByteBuffer(string: round % 2 == 0 ? Responses.json(body) : Responses.chunked([body]))
            #expect(machine.received(&buffer) == .complete(ByteBuffer(string: body), reusable: true))
            #expect(machine.hasBegun)
        }
        #expect(machine.ended() == .wait)
    }

    @Test("mutated answers never crash the machine")
    func mutatedAnswersNeverCrashTheMachine() {
        var random = SeededGenerator(seed: 7)
        for round in 0..<20_000 {
            var bytes = Array(Self.answers[round % Self.answers.count].0.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
            }
            let split = Int.random(in: 0...bytes.count, using: &random)
            let inTwo = run([Array(bytes[..<split]), Array(bytes[split...])])
            #expect(run([bytes]) == inTwo, "split at \(split): \(String(decoding: bytes, as: UTF8.self))")
        }
    }
}

extension StatsResponseStateMachine.Action {
    var isMalformed: Bool {
        guard case .fail(let kind) = self else { return false }
        return kind.isMalformed
    }
}

extension StatsError.Kind {
    var isMalformed: Bool {
        guard case .malformedAnswer = self else { return false }
        return true
    }
}
