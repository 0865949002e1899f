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
        #expect(self.results.updateValue(result, forKey: ticket) == nil, "ticket \(ticket) was answered twice")
    }

    private func makeClient(_ configure: (inout StatsUpstream) -> Void = { _ in }) -> StatsClient {
        var upstream = StatsUpstream(address: StatsAddress(host: "127.0.0.1", port: 9999), timeout: Self.limit)
        configure(&upstream)
        return StatsClient(eventLoop: self.eventLoop, upstream: upstream) { _, _ in
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
        self.eventLoop.run()
    }

    private func answer(_ channel: Int, _ text: String) throws {
        try self.channels[channel].writeInbound(ByteBuffer(string: text))
        self.eventLoop.run()
    }

    @Test("the caller is told in time, and the figures are handed over when they come")
    func figuresThatComeLate() throws {
        let client = self.makeClient()
        self.clear(client)
        self.eventLoop.advanceTime(by: Self.limit)
        let error = try #require(self.results[0]?.error)
        #expect(error.kind == .timedOut(limit: Self.limit))
        #expect(error.answerMayBeLost && error.answerIsAwaited)
        #expect(self.late.isEmpty)

        self.eventLoop.advanceTime(by: .minutes(9))
        try self.answer(0, Responses.json(#"{"wang":{"tx":1,"rx":2}}"#))
        #expect(self.late.map(\.text) == [#"{"wang":{"tx":1,"rx":2}}"#])
        #expect(!self.channels[0].isActive)
        #expect(self.channels.count == 1)
        client.shutDown()
        #expect(self.late.count == 1)
    }

    @Test("an answer of which a part came in time, and the rest did not, is read to its end")
    func restThatComesLate() throws {
        let client = self.makeClient()
        self.clear(client)
        let text = Responses.json(#"{"wang":{"tx":1,"rx":2}}"#)
        try self.answer(0, String(text.dropLast(10)))
        self.eventLoop.advanceTime(by: Self.limit)
        #expect(self.results[0]?.error?.answerIsAwaited == true)
        try self.answer(0, String(text.suffix(10)))
        #expect(self.late.map(\.text) == [#"{"wang":{"tx":1,"rx":2}}"#])
        client.shutDown()
    }

    @Test("not for ever: then what came of it is handed over")
    func patienceEnds() throws {
        let client = self.makeClient { $0.patience = .seconds(30) }
        self.clear(client)
        try self.answer(0, String(Responses.json(#"{"wang":{"tx":1,"rx":2}}"#).dropLast(3)))
        self.eventLoop.advanceTime(by: .seconds(34))
        #expect(self.late.isEmpty)
        self.eventLoop.advanceTime(by: .seconds(1))
        let error = try #require(self.late.first?.error)
        #expect(error.kind == .timedOut(limit: .seconds(35)))
        #expect(error.answerMayBeLost && !error.answerIsAwaited)
        #expect(error.remains.map { String(buffer: $0) } == #"{"wang":{"tx":1,"rx":"#)
        #expect(!self.channels[0].isActive)
        #expect(client.counters.errors == 1)
        client.shutDown()
        #expect(self.late.count == 1)
    }

    @Test("its connection holds up nobody else")
    func placesAreFree() throws {
        let client = self.makeClient { $0.connections = 1 }
        self.clear(client)
        client.perform(.traffic, for: self, ticket: 1)
        self.eventLoop.run()
        self.eventLoop.advanceTime(by: .seconds(4))
        client.perform(.online, for: self, ticket: 2)
        self.eventLoop.run()
        self.eventLoop.advanceTime(by: .seconds(1))
        #expect(self.channels.count > 1)
        #expect(self.channels[0].isActive)
        for ticket in 3..<9 as Range<UInt64> {
            client.perform(.traffic, for: self, ticket: ticket)
            self.eventLoop.run()
        }
        while self.results[8] == nil, let last = self.channels.indices.last {
            try self.answer(last, Responses.json("{}"))
        }
        #expect(self.results[8]?.text == "{}")
        try self.answer(0, Responses.json(#"{"late":{}}"#))
        #expect(self.late.map(\.text) == [#"{"late":{}}"#])
        client.perform(.traffic, for: self, ticket: 9)
        self.eventLoop.run()
        try self.answer(self.channels.count - 1, Responses.json("{}"))
        #expect(self.results[9]?.text == "{}")
        client.shutDown()
    }

    @Test("of so many at once at most; a kick has no figures to wait for")
    func limits() throws {
        let client = self.makeClient { $0.lateAnswers = 2 }
        for ticket in 0..<3 as Range<UInt64> { self.clear(client, ticket: ticket) }
        client.perform(.kick(["wang"]), for: self, ticket: 3) { self.late.append($0) }
        self.eventLoop.run()
        self.eventLoop.advanceTime(by: Self.limit)
        #expect((0..<4).map { self.results[$0]?.error?.answerIsAwaited } == [true, true, false, false])
        #expect(self.results.values.allSatisfy { $0.error?.answerMayBeLost == true })
        #expect(self.channels.filter(\.isActive).count == 2)
        client.shutDown()
        #expect(self.late.count == 2)
    }

    @Test("until the client ends, which tells that they are lost; who waits for that is told when all is known")
    func shutDown() throws {
        let client = self.makeClient()
        var settled = 0
        client.whenSettled { settled += 1 }
        #expect(settled == 1)
        self.clear(client)
        self.clear(client, ticket: 1)
        client.whenSettled { settled += 1 }
        self.eventLoop.advanceTime(by: Self.limit)
        try self.answer(0, Responses.json("{}"))
        #expect(settled == 1)
        client.shutDown()
        #expect(settled == 2)
        #expect(self.late.last?.error?.kind == .shutDown)
        #expect(self.late.last?.error?.answerMayBeLost == true)
    }

    @Test("a retired client goes on waiting")
    func retirement() throws {
        let client = self.makeClient()
        self.clear(client)
        self.eventLoop.advanceTime(by: Self.limit)
        client.retire()
        try self.answer(0, Responses.json("{}"))
        #expect(self.late.map(\.text) == ["{}"])
        client.shutDown()
    }

    @Test("what came of an answer that cannot be used goes with the error")
    func remains() throws {
        let client = self.makeClient()
        self.clear(client)
        let half = #"{"wang":{"tx":1,"rx":2},"li"#
        try self.answer(0, Responses.json(half + String(repeating: " ", count: 9)).replacing("         ", with: ""))
        try self.channels[0].close().wait()
        #expect(self.results[0]?.errorKind == .connectionLost)
        #expect(self.results[0]?.error?.remains.map { String(buffer: $0) } == half)
        #expect(self.late.isEmpty)
        client.shutDown()
    }
}
