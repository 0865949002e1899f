import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway

@Suite("An answer that the caller does not get is reported lost, once")
struct AnswerLossTests {
    private static let get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"

    private final class Losses {
        var count = 0
    }

    private let losses = Losses()

    @Test("none that is handed over is", arguments: [10, 300_000])
    func delivered(size: Int) throws {
        let connection = try ServedConnection()
        connection.exchange.plan = { [losses] _ in .respond(Response.large(size).losing { losses.count += 1 }) }
        try connection.receive(Self.get)
        #expect(connection.output().utf8.count > size)
        try connection.channel.close().wait()
        #expect(losses.count == 0)
    }

    @Test("when the connection has ended before it was there")
    func tooLate() throws {
        let connection = try ServedConnection()
        connection.exchange.plan = { _ in .wait }
        try connection.receive(Self.get)
        try connection.channel.close().wait()
        connection.exchange.answer(.text("late").losing { [losses] in losses.count += 1 })
        #expect(losses.count == 1)
    }

    @Test("when it cannot be written", arguments: [10, 300_000])
    func writeFails(size: Int) throws {
        let connection = try ServedConnection()
        connection.recorder.failsWrites = true
        connection.exchange.plan = { [losses] _ in .respond(Response.large(size).losing { losses.count += 1 }) }
        try connection.receive(Self.get)
        try connection.channel.close().wait()
        #expect(losses.count == 1)
    }

    @Test("when the connection ends in the middle of it")
    func middle() throws {
        let connection = try ServedConnection()
        connection.setWritable(false)
        connection.exchange.plan = { _ in .wait }
        connection.setWritable(true)
        try connection.receive(Self.get)
        connection.setWritable(false)
        connection.exchange.answer(.large(300_000).losing { [losses] in losses.count += 1 })
        #expect(losses.count == 0)
        try connection.channel.close().wait()
        #expect(losses.count == 1)
    }

    @Test("when the caller stops reading it for good")
    func stall() throws {
        let connection = try ServedConnection()
        connection.exchange.plan = { _ in .wait }
        try connection.receive(Self.get)
        connection.setWritable(false)
        connection.exchange.answer(.large(300_000).losing { [losses] in losses.count += 1 })
        connection.advance(.seconds(60))
        #expect(!connection.isOpen)
        #expect(losses.count == 1)
    }
}
