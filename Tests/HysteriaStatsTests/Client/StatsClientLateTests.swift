import NIOCore
import NIOEmbedded
import Testing

@testable import HysteriaStats

@Suite("A clear that timed out is carried out all the same: its answer is waited for")
final class StatsClientLateTests: StatsAnswerReceiver {
    private let eventLoop = EmbeddedEventLoop()
    private var channels: [EmbeddedChannel] = []
    private var results: [UInt64: Result<StatsAnswer, StatsError>] = [:]
    private var late: [Result<StatsAnswer, StatsError>] = []

    private static let limit = TimeAmount.seconds(5)

    func receive(_ result: Result<StatsAnswer, StatsError>, for ticket: UInt64) {
        #expect(results.updateValue(result, forKey: ticket) == nil, "ticket \(ticket) was answered twice")
    }

    private func makeClient(_ configure: (inout StatsUpstream) -> Void = { _ in }) -> StatsClient {
        var upstream = StatsUpstream(address: StatsAddress(host: "127.0.0.1", port: 9999), timeout: Self.limit)
        configure(&upstream)
        return StatsClient(eventLoop: eventLoop, upstream: upstream) { _, _ in
            self.eventLoop.makeCompletedFuture {
                let channel = EmbeddedChannel(loop: self.eventLoop)
                try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 9999)).wait()
                self.channels.append(channel)
                return channel as any Channel
            }
        }
    }

    private func clear(_ client: StatsClient, ticket: UInt64 = 0) {
        client.perform(.trafficClearing, for: self, ticket: ticket) { self.late.append($0) }
        eventLoop.run()
    }

    private func answer(_ channel: Int, _ text: String) throws {
        try channels[channel].writeInbound(ByteBuffer(string: text))
        eventLoop.run()
    }

    @Test("the caller is told in time, and the figures are handed over when they come")
    func figuresThatComeLate() throws {
        let client = makeClient()
        clear(client)
        eventLoop.advanceTime(by: Self.limit)
        let error = try #require(results[0]?.error)
        #expect(error.kind == .timedOut(limit: Self.limit))
        #expect(error.answerMayBeLost && error.answerIsAwaited)
        #expect(late.isEmpty)

        eventLoop.advanceTime(by: .minutes(9))
        try answer(0, Responses.json(#"{"wang":{"tx":1,"rx":2}}"#))
        #expect(late.map(\.text) == [#"{"wang":{"tx":1,"rx":2}}"#])
        #expect(!channels[0].isActive)
        #expect(channels.count == 1)
        client.shutDown()
        #expect(late.count == 1)
    }

    @Test("an answer of which a part came in time, and the rest did not, is read to its end")
    func restThatComesLate() throws {
        let client = makeClient()
        clear(client)
        let text = Responses.json(#"{"wang":{"tx":1,"rx":2}}"#)
        try answer(0, String(text.dropLast(10)))
        eventLoop.advanceTime(by: Self.limit)
        #expect(results[0]?.error?.answerIsAwaited == true)
        try answer(0, String(text.suffix(10)))
        #expect(late.map(\.text) == [#"{"wang":{"tx":1,"rx":2}}"#])
        client.shutDown()
    }

    @Test("not for ever: then what came of it is handed over")
    func patienceEnds() throws {
        let client = makeClient { $0.patience = .seconds(30) }
        clear(client)
        try answer(0, String(Responses.json(#"{"wang":{"tx":1,"rx":2}}"#).dropLast(3)))
        eventLoop.advanceTime(by: .seconds(34))
        #expect(late.isEmpty)
        eventLoop.advanceTime(by: .seconds(1))
        let error = try #require(late.first?.error)
        #expect(error.kind == .timedOut(limit: .seconds(35)))
        #expect(error.answerMayBeLost && !error.answerIsAwaited)
        #expect(error.remains.map { String(buffer: $0) } == #"{"wang":{"tx":1,"rx":"#)
        #expect(!channels[0].isActive)
        #expect(client.counters.errors == 1)
        client.shutDown()
        #expect(late.count == 1)
    }

    @Test("its connection holds up nobody else")
    func placesAreFree() throws {
        let client = makeClient { $0.connections = 1 }
        clear(client)
        client.perform(.traffic, for: self, ticket: 1)
        eventLoop.run()
        eventLoop.advanceTime(by: .seconds(4))
        client.perform(.online, for: self, ticket: 2)
        eventLoop.run()
        eventLoop.advanceTime(by: .seconds(1))
        #expect(channels.count > 1)
        #expect(channels[0].isActive)
        for ticket in 3..<9 as Range<UInt64> {
            client.perform(.traffic, for: self, ticket: ticket)
            eventLoop.run()
        }
        while results[8] == nil, let last = channels.indices.last {
            try answer(last, Responses.json("{}"))
        }
        #expect(results[8]?.text == "{}")
        try answer(0, Responses.json(#"{"late":{}}"#))
        #expect(late.map(\.text) == [#"{"late":{}}"#])
        client.perform(.traffic, for: self, ticket: 9)
        eventLoop.run()
        try answer(channels.count - 1, Responses.json("{}"))
        #expect(results[9]?.text == "{}")
        client.shutDown()
    }

    @Test("of so many at once at most; a kick has no figures to wait for")
    func limits() throws {
        let client = makeClient { $0.lateAnswers = 2 }
        for ticket in 0..<3 as Range<UInt64> { clear(client, ticket: ticket) }
        client.perform(.kick(["wang"]), for: self, ticket: 3) { self.late.append($0) }
        eventLoop.run()
        eventLoop.advanceTime(by: Self.limit)
        #expect((0..<4).map { results[$0]?.error?.answerIsAwaited } == [true, true, false, false])
        #expect(results.values.allSatisfy { $0.error?.answerMayBeLost == true })
        #expect(channels.filter(\.isActive).count == 2)
        client.shutDown()
        #expect(late.count == 2)
    }

    @Test("until the client ends, which tells that they are lost; who waits for that is told when all is known")
    func shutDown() throws {
        let client = makeClient()
        var settled = 0
        client.whenSettled { settled += 1 }
        #expect(settled == 1)
        clear(client)
        clear(client, ticket: 1)
        client.whenSettled { settled += 1 }
        eventLoop.advanceTime(by: Self.limit)
        try answer(0, Responses.json("{}"))
        #expect(settled == 1)
        client.shutDown()
        #expect(settled == 2)
        #expect(late.last?.error?.kind == .shutDown)
        #expect(late.last?.error?.answerMayBeLost == true)
    }

    @Test("a retired client goes on waiting")
    func retirement() throws {
        let client = makeClient()
        clear(client)
        eventLoop.advanceTime(by: Self.limit)
        client.retire()
        try answer(0, Responses.json("{}"))
        #expect(late.map(\.text) == ["{}"])
        client.shutDown()
    }

    @Test("what came of an answer that cannot be used goes with the error")
    func remains() throws {
        let client = makeClient()
        clear(client)
        let half = #"{"wang":{"tx":1,"rx":2},"li"#
        try answer(0, Responses.json(half + String(repeating: " ", count: 9)).replacing("         ", with: ""))
        try channels[0].close().wait()
        #expect(results[0]?.errorKind == .connectionLost)
        #expect(results[0]?.error?.remains.map { String(buffer: $0) } == half)
        #expect(late.isEmpty)
        client.shutDown()
    }
}
