import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway
@testable import HTTPServer

@Suite("An answer over HTTP/2 that the caller does not get is reported lost, once")
struct HTTP2AnswerLossTests {
    private final class Losses {
        var count = 0
    }

    private let losses = Losses()

    private func losing(_ size: Int) -> Response {
        Response.large(size).losing { [losses] in losses.count += 1 }
    }

    @Test("none that is handed over is", arguments: [0, 10, 60_000])
    func delivered(size: Int) throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .respond(losing(size)) }
        try connection.receive(.get(1))
        #expect(connection.answers[1]?.body.count == size)
        try connection.receive(.reset(1))
        try connection.channel.close().wait()
        #expect(losses.count == 0)
    }

    @Test("when the connection has ended before it was there")
    func tooLate() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .wait }
        try connection.receive(.get(1))
        try connection.channel.close().wait()
        connection.exchanges[0].answer(losing(10))
        #expect(losses.count == 1)
    }

    @Test("when the request was given up before it was there")
    func givenUp() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .wait }
        try connection.receive(.get(1), .reset(1))
        connection.exchanges[0].answer(losing(10))
        #expect(losses.count == 1)
        #expect(connection.isOpen)
    }

    @Test("when the request is given up in the middle of it", arguments: [0, 8] as [UInt32])
    func middle(code: UInt32) throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .respond(losing(100_000)) }
        try connection.receive(.get(1))
        #expect(losses.count == 0)
        try connection.receive(.reset(1, code))
        #expect(losses.count == 1)
        try connection.channel.close().wait()
        #expect(losses.count == 1)
    }

    @Test("when it cannot be written", arguments: [0, 10, 300_000])
    func writeFails(size: Int) throws {
        let connection = try ServedHTTP2Connection()
        connection.recorder.failsWrites = true
        connection.plan = { _ in .respond(losing(size)) }
        try connection.receive(.get(1))
        try connection.channel.close().wait()
        #expect(losses.count == 1)
    }

    @Test("when the connection ends in the middle of it")
    func connectionEnds() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .respond(losing(100_000)) }
        try connection.receive(.get(1), .get(3))
        try connection.channel.close().wait()
        #expect(losses.count == 2)
    }

    @Test("when its window does not open")
    func closedWindow() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .respond(losing(100_000)) }
        try connection.receive(.get(1))
        connection.advance(.seconds(60))
        #expect(losses.count == 1)
        #expect(connection.isOpen)
    }
}
