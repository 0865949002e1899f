import NIOCore
import NIOEmbedded
import Testing

@testable import HysteriaStats

/// The client on an event loop whose time the test holds.
@Suite final class StatsClientTimeTests: StatsAnswerReceiver {
    private let eventLoop = EmbeddedEventLoop()
    private var channels: [EmbeddedChannel] = []
    private var connectTimeouts: [TimeAmount] = []
    private var pendingConnects: [EventLoopPromise<any Channel>] = []
    private var connectsAtOnce = true
    private var results: [UInt64: Result<StatsAnswer, StatsError>] = [:]

    private static let limit = TimeAmount.seconds(5)

    func receive(_ result: Result<StatsAnswer, StatsError>, for ticket: UInt64) {
        #expect(self.results.updateValue(result, forKey: ticket) == nil, "ticket \(ticket) was answered twice")
    }

    private func makeClient(_ configure: (inout StatsUpstream) -> Void = { _ in }) -> StatsClient {
        var upstream = StatsUpstream(address: StatsAddress(host: "127.0.0.1", port: 9999), timeout: Self.limit)
        configure(&upstream)
        return StatsClient(eventLoop: self.eventLoop, upstream: upstream) { _, timeout in
            self.connectTimeouts.append(timeout)
            let promise = self.eventLoop.makePromise(of: (any Channel).self)
            if self.connectsAtOnce {
                promise.completeWith(Result { try self.makeChannel() })
            } else {
                self.pendingConnects.append(promise)
            }
            return promise.futureResult
        }
    }

    private func makeChannel() throws -> any Channel {
        let channel = EmbeddedChannel(loop: self.eventLoop)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 9999)).wait()
        self.channels.append(channel)
        return channel
    }

    private func request(_ channel: Int) throws -> String? {
        try self.channels[channel].readOutbound(as: ByteBuffer.self).map { String(buffer: $0).prefix { $0 != "\r\n" } }
            .map(String.init)
    }

    private func answer(_ channel: Int, _ text: String = Responses.json("{}")) throws {
        try self.channels[channel].writeInbound(ByteBuffer(string: text))
        self.eventLoop.run()
    }

    @Test func nothingIsAnsweredOrSentWithinPerform() throws {
        let client = self.makeClient()
        client.perform(.traffic, for: self, ticket: 0)
        #expect(self.channels.isEmpty)
        self.eventLoop.run()
        #expect(try self.request(0) == "GET /traffic HTTP/1.1")
        client.shutDown()
        #expect(self.results[0]?.errorKind == .shutDown)
        client.perform(.traffic, for: self, ticket: 1)
        #expect(self.results[1] == nil)
        self.eventLoop.run()
        #expect(self.results[1]?.errorKind == .shutDown)
    }

    @Test func everyCallHasTheWholeTime() throws {
        let client = self.makeClient()
        for ticket in 0..<7 as Range<UInt64> {
            client.perform(.traffic, for: self, ticket: ticket)
            self.eventLoop.run()
            self.eventLoop.advanceTime(by: .milliseconds(4999))
            try self.answer(0)
            #expect(self.results[ticket]?.text == "{}")
        }
        client.perform(.traffic, for: self, ticket: 7)
        self.eventLoop.run()
        self.eventLoop.advanceTime(by: .milliseconds(4999))
        #expect(self.results[7] == nil)
        self.eventLoop.advanceTime(by: .milliseconds(1))
        #expect(self.results[7]?.errorKind == .timedOut(limit: Self.limit))
        #expect(!self.channels[0].isActive)
        #expect(self.channels.count == 1)
        client.shutDown()
    }

    @Test func bytesThatTrickleInDoNotExtendTheTime() throws {
        let client = self.makeClient()
        client.perform(.traffic, for: self, ticket: 0)
        self.eventLoop.run()
        for byte in Responses.json("{}").utf8.prefix(50) {
            try self.channels[0].writeInbound(ByteBuffer(bytes: [byte]))
            self.eventLoop.advanceTime(by: .milliseconds(99))
        }
        #expect(self.results[0] == nil)
        self.eventLoop.advanceTime(by: .milliseconds(50))
        #expect(self.results[0]?.errorKind == .timedOut(limit: Self.limit))
        client.shutDown()
    }

    @Test func theConnectCountsAsWell() throws {
        self.connectsAtOnce = false
        let client = self.makeClient()
        client.perform(.traffic, for: self, ticket: 0)
        self.eventLoop.run()
        #expect(self.connectTimeouts == [Self.limit])
        self.eventLoop.advanceTime(by: .seconds(4))
        self.pendingConnects[0].completeWith(Result { try self.makeChannel() })
        self.eventLoop.run()
        #expect(try self.request(0) == "GET /traffic HTTP/1.1")
        self.eventLoop.advanceTime(by: .seconds(1))
        #expect(self.results[0]?.errorKind == .timedOut(limit: Self.limit))
        client.shutDown()
    }

    @Test func aConnectThatTimesOutSaysSo() throws {
        self.connectsAtOnce = false
        let client = self.makeClient()
        client.perform(.kick(["a"]), for: self, ticket: 0)
        self.eventLoop.run()
        self.pendingConnects[0].fail(ChannelError.connectTimeout(Self.limit))
        #expect(self.results[0]?.errorKind == .timedOut(limit: Self.limit))
        #expect(self.results[0]?.error?.answerMayBeLost == false)
        client.shutDown()
    }

    @Test func aConnectionThatComesAfterShutDownIsClosed() throws {
        self.connectsAtOnce = false
        let client = self.makeClient()
        client.perform(.trafficClearing, for: self, ticket: 0)
        client.perform(.traffic, for: self, ticket: 1)
        self.eventLoop.run()
        client.shutDown()
        #expect(self.results.count == 2)
        #expect(self.results.values.allSatisfy { $0.errorKind == .shutDown && $0.error?.answerMayBeLost == false })
        for promise in self.pendingConnects { promise.completeWith(Result { try self.makeChannel() }) }
        self.eventLoop.run()
        #expect(self.channels.count == 2)
        #expect(self.channels.allSatisfy { !$0.isActive })
        #expect(try self.request(0) == nil)
    }

    @Test func aSilentClearTimesOutOnceWithItsAnswerLost() throws {
        let client = self.makeClient()
        client.perform(.trafficClearing, for: self, ticket: 0)
        self.eventLoop.run()
        #expect(try self.request(0) == "GET /traffic?clear=1 HTTP/1.1")
        self.eventLoop.advanceTime(by: Self.limit)
        #expect(self.results[0]?.errorKind == .timedOut(limit: Self.limit))
        #expect(self.results[0]?.error?.answerMayBeLost == true)
        #expect(self.channels.count == 1)
        client.shutDown()
    }

    /// Waiting calls have no timer: they must be told in time all the same.
    @Test func waitingCallsTimeOutWithTheirOwnDeadline() throws {
        let client = self.makeClient { $0.connections = 1 }
        client.perform(.trafficClearing, for: self, ticket: 0)
        client.perform(.kick(["a"]), for: self, ticket: 1)
        client.perform(.traffic, for: self, ticket: 2)
        self.eventLoop.run()
        self.eventLoop.advanceTime(by: .seconds(3))
        client.perform(.kick(["b"]), for: self, ticket: 3)
        self.eventLoop.run()
        self.eventLoop.advanceTime(by: .seconds(2))
        #expect(Set(self.results.keys) == [0, 1, 2])
        #expect(self.results.values.allSatisfy { $0.errorKind == .timedOut(limit: Self.limit) })
        self.eventLoop.advanceTime(by: .seconds(3))
        #expect(self.results[3]?.errorKind == .timedOut(limit: Self.limit))
        client.shutDown()
    }

    @Test func anIdleConnectionThatEndsIsForgotten() throws {
        let client = self.makeClient()
        client.perform(.traffic, for: self, ticket: 0)
        self.eventLoop.run()
        try self.answer(0)
        try self.channels[0].close().wait()
        client.perform(.traffic, for: self, ticket: 1)
        self.eventLoop.run()
        #expect(self.channels.count == 2)
        try self.answer(1)
        #expect(self.results[1]?.text == "{}")
        #expect(client.counters.retries == 0)
        client.shutDown()
    }

    @Test func bytesOnAnIdleConnectionEndIt() throws {
        let client = self.makeClient()
        client.perform(.traffic, for: self, ticket: 0)
        self.eventLoop.run()
        try self.answer(0)
        try self.answer(0, "HTTP/1.1 408 Request Timeout\r\n\r\n")
        #expect(!self.channels[0].isActive)
        client.perform(.traffic, for: self, ticket: 1)
        self.eventLoop.run()
        try self.answer(1)
        #expect(self.results[1]?.text == "{}")
        client.shutDown()
    }

    @Test func aRetriedReadKeepsItsDeadline() throws {
        let client = self.makeClient()
        client.perform(.traffic, for: self, ticket: 0)
        self.eventLoop.run()
        try self.answer(0)
        client.perform(.traffic, for: self, ticket: 1)
        self.eventLoop.run()
        self.eventLoop.advanceTime(by: .seconds(4))
        try self.channels[0].close().wait()
        self.eventLoop.run()
        #expect(self.connectTimeouts.last == .seconds(1))
        #expect(client.counters.retries == 1)
        self.eventLoop.advanceTime(by: .seconds(1))
        #expect(self.results[1]?.errorKind == .timedOut(limit: Self.limit))
        client.shutDown()
    }

    @Test func idleConnectionsAreKeptWithoutTimers() throws {
        let client = self.makeClient { $0.idleConnections = 1 }
        client.perform(.traffic, for: self, ticket: 0)
        client.perform(.online, for: self, ticket: 1)
        self.eventLoop.run()
        try self.answer(0)
        try self.answer(1)
        #expect(self.channels.filter(\.isActive).count == 1)
        self.eventLoop.advanceTime(by: .hours(24))
        #expect(self.channels.filter(\.isActive).count == 1)
        client.shutDown()
        #expect(self.channels.filter(\.isActive).isEmpty)
    }

    @Test func neverMoreConnectionsThanAllowed() throws {
        let client = self.makeClient { $0.connections = 3 }
        for ticket in 0..<20 as Range<UInt64> { client.perform(.kick(["\(ticket)"]), for: self, ticket: ticket) }
        self.eventLoop.run()
        for channel in 0..<20 {
            #expect(self.channels.filter(\.isActive).count == 3)
            try self.answer(channel, Responses.kicked)
        }
        #expect(self.results.count == 20)
        #expect(self.channels.count == 20)
        client.shutDown()
    }
}
