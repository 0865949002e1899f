import NIOCore
import Testing

@testable import Gateway
@testable import HTTPServer

@Suite("A connection's requests and answers take turns")
struct HTTP1StateMachineTests {
    private static let get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let post = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n"
    private static let expecting = "POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"

    private let machine = HeldMachine()

    private func receive(_ text: String = "") -> String { machine.receive(text) }

    // MARK: One after the other

    @Test("a request waits until the one before it is answered")
    func pipelining() {
        #expect(receive(Self.get + "GET /b HTTP/1.1\r\nHost: a\r\n\r\n") == "judge /a")
        #expect(!machine.didRoute(wantsBody: false))
        #expect(receive() == "none")
        #expect(machine.wait == .answer)
        #expect(!machine.answer())
        #expect(receive() == "none", "a large answer is still on its way")
        #expect(machine.answered() == .next)
        #expect(receive() == "judge /b")
    }

    @Test("a request is handed out once, however often is asked")
    func once() {
        #expect(receive(Self.get) == "judge /a")
        #expect(receive() == "none")
        _ = machine.didRoute(wantsBody: false)
        #expect(receive() == "none")
    }

    @Test(
        "the request behind one that ends the connection is never looked at",
        arguments: ["Connection: close\r\n", ""]
    )
    func nothingBehindTheLast(field: String) {
        let version = field.isEmpty ? "1.0" : "1.1"
        #expect(receive("GET /a HTTP/\(version)\r\nHost: a\r\n\(field)\r\n" + Self.get) == "judge /a")
        _ = machine.didRoute(wantsBody: false)
        #expect(machine.answer())
        #expect(machine.answered() == .close)
        #expect(receive() == "none")
        #expect(machine.waitingBytes == 0, "what still arrives is dropped")
        #expect(machine.wait == .end)
    }

    @Test("HTTP/1.0 that asks for it is kept, and told so")
    func keepAliveInHTTP10() {
        #expect(receive("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n") == "judge /a")
        _ = machine.didRoute(wantsBody: false)
        #expect(!machine.answer())
        #expect(machine.mustAnnounceKeepAlive)
        #expect(machine.answered() == .next)
        #expect(receive(Self.get) == "judge /a")
        #expect(!machine.mustAnnounceKeepAlive)
    }

    // MARK: Bodies

    @Test("a body that is wanted is delivered whole")
    func wantedBody() {
        #expect(receive(Self.post + "ab") == "judge /a")
        #expect(!machine.didRoute(wantsBody: true))
        #expect(receive() == "none")
        #expect(machine.wait == .body)
        #expect(receive("cd" + Self.get) == "deliver abcd")
        #expect(machine.wait == .answer)
        #expect(!machine.answer())
        #expect(machine.answered() == .next)
        #expect(receive() == "judge /a")
    }

    @Test("a body that is wanted and absent is delivered empty", arguments: ["", "Content-Length: 0\r\n"])
    func absentBody(field: String) {
        #expect(receive("POST /a HTTP/1.1\r\nHost: a\r\n\(field)\r\n") == "judge /a")
        #expect(!machine.didRoute(wantsBody: true))
        #expect(receive() == "deliver ")
        #expect(!machine.answer())
        #expect(machine.answered() == .next)
    }

    @Test("a body that nobody wants is passed over, before the answer or behind it", arguments: [true, false])
    func unwantedBody(answersFirst: Bool) {
        #expect(receive(Self.post + "a") == "judge /a")
        #expect(!machine.didRoute(wantsBody: false))
        if answersFirst {
            #expect(!machine.answer())
            #expect(machine.answered() == .next)
            #expect(receive("bc") == "none")
            #expect(machine.wait == .body)
            #expect(receive("d" + Self.get) == "judge /a")
        } else {
            #expect(receive("bcd" + Self.get) == "none")
            #expect(machine.wait == .answer)
            #expect(!machine.answer())
            #expect(machine.answered() == .next)
            #expect(receive() == "judge /a")
        }
    }

    @Test("an unwanted body with a mistake in it makes the answer the last", arguments: [true, false])
    func unwantedMalformedBody(answersFirst: Bool) {
        #expect(receive("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n") == "judge /a")
        _ = machine.didRoute(wantsBody: false)
        if answersFirst {
            #expect(!machine.answer())
            #expect(machine.answered() == .next)
            #expect(receive("x\r\n" + Self.get) == "lingering close")
        } else {
            #expect(receive("x\r\n" + Self.get) == "none")
            #expect(machine.answer())
            #expect(machine.answered() == .lingeringClose)
            #expect(receive() == "none")
        }
    }

    @Test("a wanted body with a mistake in it is refused")
    func wantedMalformedBody() {
        #expect(receive("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n") == "judge /a")
        _ = machine.didRoute(wantsBody: true)
        #expect(receive("x\r\n" + Self.get) == "reject 400")
        #expect(machine.answer())
        #expect(machine.answered() == .lingeringClose)
        #expect(receive(Self.get) == "none")
    }

    @Test("of a body that nobody wants, nothing is kept")
    func unwantedBodyIsNotKept() throws {
        var reader = try #require(HTTP1BodyReader(.length(60_000)))
        var bytes = ByteBuffer(repeating: 0x61, count: 60_000)
        let isComplete = try reader.read(&bytes, keeping: false)
        #expect(isComplete)
        #expect(reader.body.readableBytes == 0)
    }

    // MARK: Expect: 100-continue

    @Test("a caller that waits for 100 Continue gets it once the body is wanted")
    func expectation() {
        #expect(receive(Self.expecting) == "judge /a")
        #expect(machine.didRoute(wantsBody: true))
        #expect(receive("abcd") == "deliver abcd")
        #expect(!machine.answer())
        #expect(machine.answered() == .next)
    }

    @Test("one that does not wait gets an answer all the same, and the connection goes on")
    func expectationWithBody() {
        #expect(receive(Self.expecting + "abcd") == "judge /a")
        #expect(!machine.didRoute(wantsBody: false))
        #expect(receive() == "none")
        #expect(!machine.answer())
        #expect(machine.answered() == .next)
    }

    @Test("an answer instead of 100 Continue is the last: nobody knows whether the body will come")
    func earlyAnswer() {
        #expect(receive(Self.expecting) == "judge /a")
        #expect(!machine.didRoute(wantsBody: false))
        #expect(machine.answer())
        #expect(machine.answered() == .lingeringClose)
        #expect(receive(Self.get) == "none")
    }

    @Test(
        "nothing is expected without a body, nor in HTTP/1.0",
        arguments: [
            "POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n",
            "POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n",
            "POST /a HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n",
        ]
    )
    func noExpectation(text: String) {
        #expect(receive(text) == "judge /a")
        #expect(!machine.didRoute(wantsBody: true))
    }

    // MARK: Refusals

    @Test("a head that cannot be read is refused, and the connection ends")
    func malformedHead() {
        #expect(receive("GET /\r\n\r\n" + Self.get) == "reject 400")
        #expect(receive() == "none")
        #expect(machine.answer())
        #expect(machine.answered() == .lingeringClose)
        #expect(receive(Self.get) == "none")
        #expect(machine.wait == .end)
    }

    // MARK: Time

    @Test("time up between requests ends the connection without a word")
    func timeoutBetween() {
        #expect(machine.wait == .request)
        #expect(machine.timedOut() == "close")
        #expect(machine.wait == .end)
        #expect(receive(Self.get) == "none")
    }

    @Test("time up within a head is told")
    func timeoutWithinHead() {
        #expect(receive("GET") == "none")
        #expect(machine.wait == .head)
        #expect(machine.timedOut() == "reject 408")
        #expect(receive(" / HTTP/1.1\r\n\r\n") == "none")

    }

    @Test("time up within a wanted body is told")
    func timeoutWithinBody() {
        #expect(receive(Self.post) == "judge /a")
        _ = machine.didRoute(wantsBody: true)
        #expect(machine.timedOut() == "reject 408")
        #expect(machine.answer())
        #expect(machine.answered() == .lingeringClose)
    }

    @Test("time up within an unwanted body leaves the answer true, and makes it the last")
    func timeoutWithinUnwantedBody() {
        #expect(receive(Self.post) == "judge /a")
        _ = machine.didRoute(wantsBody: false)
        #expect(machine.timedOut() == "none")
        #expect(machine.answer())
        #expect(machine.answered() == .lingeringClose)
    }

    @Test("time up behind the answer, within its request's body, ends the connection")
    func timeoutBehindAnswer() {
        #expect(receive(Self.post) == "judge /a")
        _ = machine.didRoute(wantsBody: false)
        _ = machine.answer()
        #expect(machine.wait == .write)
        #expect(machine.answered() == .next)
        #expect(machine.wait == .body)
        #expect(machine.timedOut() == "close")
    }

    @Test("time up while the answer goes out ends the connection")
    func timeoutWithinAnswer() {
        #expect(receive(Self.get) == "judge /a")
        _ = machine.didRoute(wantsBody: false)
        _ = machine.answer()
        #expect(machine.timedOut() == "close")
    }

    @Test("while the answer is made, no time is up")
    func noTimeoutWhileAnswering() {
        #expect(receive(Self.get) == "judge /a")
        _ = machine.didRoute(wantsBody: false)
        #expect(machine.timedOut() == "none")
        #expect(!machine.answer())
    }

    // MARK: Drain

    @Test("a drain leaves the next request a little time, and it is the last")
    func drainIdle() {
        machine.drain()
        #expect(machine.wait == .request)
        #expect(receive(Self.get) == "judge /a")
        _ = machine.didRoute(wantsBody: false)
        #expect(machine.answer())
        #expect(machine.answered() == .close)
        #expect(receive(Self.get) == "none")
    }

    @Test("a drain ends a connection on which nothing comes")
    func drainSilent() {
        machine.drain()
        #expect(machine.timedOut() == "close")
        #expect(receive(Self.get) == "none")
    }

    @Test("a drain lets a request that has begun come to its answer")
    func drainWithinHead() {
        #expect(receive("GET /a HTTP/1.1\r\n") == "none")
        machine.drain()
        #expect(receive("Host: a\r\n\r\n" + Self.get) == "judge /a")
        _ = machine.didRoute(wantsBody: false)
        #expect(machine.answer())
        #expect(machine.answered() == .close)
        #expect(receive() == "none")
    }

    @Test("a drain lets a body come, and the answer that is awaited")
    func drainWithinBody() {
        #expect(receive(Self.post) == "judge /a")
        _ = machine.didRoute(wantsBody: true)
        machine.drain()
        #expect(receive("abcd") == "deliver abcd")
        machine.drain()
        #expect(machine.answer())
        #expect(machine.answered() == .close)
    }

    @Test("a drain lets an answer that is going out arrive whole")
    func drainWithinAnswer() {
        #expect(receive(Self.get + Self.get) == "judge /a")
        _ = machine.didRoute(wantsBody: false)
        #expect(!machine.answer())
        machine.drain()
        // The answer did not say that it is the last one, so what came behind its request counts on another.
        #expect(machine.answered() == .next)
        #expect(receive() == "judge /a")
        _ = machine.didRoute(wantsBody: false)
        #expect(machine.answer())
        #expect(machine.answered() == .close)
    }

    @Test("a drain behind an answer waits for the rest of its request's body, and what came behind it")
    func drainWithinRest() {
        #expect(receive(Self.post) == "judge /a")
        _ = machine.didRoute(wantsBody: false)
        _ = machine.answer()
        #expect(machine.answered() == .next)
        machine.drain()
        #expect(receive("abc") == "none")
        #expect(receive("d" + Self.get) == "judge /a")
        _ = machine.didRoute(wantsBody: false)
        #expect(machine.answer())
        #expect(machine.answered() == .close)
    }
}
