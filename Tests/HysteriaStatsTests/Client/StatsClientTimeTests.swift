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
        #expect(results.updateValue(result, forKey: ticket) == nil, "ticket \(ticket) was answered twice")
    }

    private func makeClient(_ configure: (inout StatsUpstream) -> Void = { _ in }) -> StatsClient {
        var upstream = StatsUpstream(address: StatsAddress(host: "127.0.0.1", port: 9999), timeout: Self.limit)
        configure(&upstream)
        return StatsClient(eventLoop: eventLoop, upstream: upstream) { _, timeout in
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
        let channel = EmbeddedChannel(loop: eventLoop)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 9999)).wait()
        channels.append(channel)
        return channel
    }

    private func request(_ channel: Int) throws -> String? {
        try channels[channel].readOutbound(as: ByteBuffer.self).map { String(buffer: $0).prefix { $0 != "\r\n" } }
            .map(String.init)
    }

    private func answer(_ channel: Int, _ text: String = Responses.json("{}")) throws {
        try channels[channel].writeInbound(ByteBuffer(string: text))
        eventLoop.run()
    }

    @Test("nothing is answered or sent within perform")
    func nothingIsAnsweredOrSentWithinPerform() throws {
        let client = makeClient()
        client.perform(.traffic, for: self, ticket: 0)
        #expect(channels.isEmpty)
        eventLoop.run()
        #expect(try request(0) == "GET /traffic HTTP/1.1")
        client.shutDown()
        #expect(results[0]?.errorKind == .shutDown)
        client.perform(.traffic, for: self, ticket: 1)
        #expect(results[1] == nil)
        eventLoop.run()
        #expect(results[1]?.errorKind == .shutDown)
    }

    @Test("every call has the whole time")
    func everyCallHasTheWholeTime() throws {
        let client = makeClient()
        for ticket in 0..<7 as Range<UInt64> {
            client.perform(.traffic, for: self, ticket: ticket)
            eventLoop.run()
            eventLoop.advanceTime(by: .milliseconds(4999))
            try answer(0)
            #expect(results[ticket]?.text == "{}")
        }
        client.perform(.traffic, for: self, ticket: 7)
        eventLoop.run()
        eventLoop.advanceTime(by: .milliseconds(4999))
        #expect(results[7] == nil)
        eventLoop.advanceTime(by: .milliseconds(1))
        #expect(results[7]?.errorKind == .timedOut(limit: Self.limit))
        #expect(!channels[0].isActive)
        #expect(channels.count == 1)
        client.shutDown()
    }

    @Test("bytes that trickle in do not extend the time")
    func bytesThatTrickleInDoNotExtendTheTime() throws {
        let client = makeClient()
        client.perform(.traffic, for: self, ticket: 0)
        eventLoop.run()
        for byte in Responses.json("{}").utf8.prefix(50) {
            try channels[0].writeInbound(ByteBuffer(bytes: [byte]))
            eventLoop.advanceTime(by: .milliseconds(99))
        }
        #expect(results[0] == nil)
        eventLoop.advanceTime(by: .milliseconds(50))
        #expect(results[0]?.errorKind == .timedOut(limit: Self.limit))
        client.shutDown()
    }

    @Test("the connect counts as well")
    func theConnectCountsAsWell() throws {
        connectsAtOnce = false
        let client = makeClient()
        client.perform(.traffic, for: self, ticket: 0)
        eventLoop.run()
        #expect(connectTimeouts == [Self.limit])
        eventLoop.advanceTime(by: .seconds(4))
        pendingConnects[0].completeWith(Result { try makeChannel() })
        eventLoop.run()
        #expect(try request(0) == "GET /traffic HTTP/1.1")
        eventLoop.advanceTime(by: .seconds(1))
        #expect(results[0]?.errorKind == .timedOut(limit: Self.limit))
        client.shutDown()
    }

    @Test("a connect that times out says so")
    func aConnectThatTimesOutSaysSo() throws {
        connectsAtOnce = false
        let client = makeClient()
        client.perform(.kick(["a"]), for: self, ticket: 0)
        eventLoop.run()
        pendingConnects[0].fail(ChannelError.connectTimeout(Self.limit))
        #expect(results[0]?.errorKind == .timedOut(limit: Self.limit))
        #expect(results[0]?.error?.answerMayBeLost == false)
        client.shutDown()
    }

    @Test("a connection that comes after shut down is closed")
    func aConnectionThatComesAfterShutDownIsClosed() throws {
        connectsAtOnce = false
        let client = makeClient()
        client.perform(.trafficClearing, for: self, ticket: 0)
        client.perform(.traffic, for: self, ticket: 1)
        eventLoop.run()
        client.shutDown()
        #expect(results.count == 2)
        #expect(results.values.allSatisfy { $0.errorKind == .shutDown && $0.error?.answerMayBeLost == false })
        for promise in pendingConnects { promise.completeWith(Result { try makeChannel() }) }
        eventLoop.run()
        #expect(channels.count == 2)
        #expect(channels.allSatisfy { !$0.isActive })
        #expect(try request(0) == nil)
    }

    @Test("a silent clear times out once with its answer lost")
    func aSilentClearTimesOutOnceWithItsAnswerLost() throws {
        let client = makeClient()
        client.perform(.trafficClearing, for: self, ticket: 0)
        eventLoop.run()
        #expect(try request(0) == "GET /traffic?clear=1 HTTP/1.1")
        eventLoop.advanceTime(by: Self.limit)
        #expect(results[0]?.errorKind == .timedOut(limit: Self.limit))
        #expect(results[0]?.error?.answerMayBeLost == true)
        #expect(channels.count == 1)
        client.shutDown()
    }

    /// Waiting calls have no timer: they must be told in time all the same.
    @Test("waiting calls time out with their own deadline")
    func waitingCallsTimeOutWithTheirOwnDeadline() throws {
        let client = makeClient { $0.connections = 1 }
        client.perform(.trafficClearing, for: self, ticket: 0)
        client.perform(.kick(["a"]), for: self, ticket: 1)
        client.perform(.traffic, for: self, ticket: 2)
        eventLoop.run()
        eventLoop.advanceTime(by: .seconds(3))
        client.perform(.kick(["b"]), for: self, ticket: 3)
        eventLoop.run()
        eventLoop.advanceTime(by: .seconds(2))
        #expect(Set(results.keys) == [0, 1, 2])
        #expect(results.values.allSatisfy { $0.errorKind == .timedOut(limit: Self.limit) })
        eventLoop.advanceTime(by: .seconds(3))
        #expect(results[3]?.errorKind == .timedOut(limit: Self.limit))
        client.shutDown()
    }

    @Test("an idle connection that ends is forgotten")
    func anIdleConnectionThatEndsIsForgotten() throws {
        let client = makeClient()
        client.perform(.traffic, for: self, ticket: 0)
        eventLoop.run()
        try answer(0)
        try channels[0].close().wait()
        client.perform(.traffic, for: self, ticket: 1)
        eventLoop.run()
        #expect(channels.count == 2)
        try answer(1)
        #expect(results[1]?.text == "{}")
        #expect(client.counters.retries == 0)
        client.shutDown()
    }

    @Test("bytes on an idle connection end it")
    func bytesOnAnIdleConnectionEndIt() throws {
        let client = makeClient()
        client.perform(.traffic, for: self, ticket: 0)
        eventLoop.run()
        try answer(0)
        try answer(0, "HTTP/1.1 408 Request Timeout\r\n\r\n")
        #expect(!channels[0].isActive)
        client.perform(.traffic, for: self, ticket: 1)
        eventLoop.run()
        try answer(1)
        #expect(results[1]?.text == "{}")
        client.shutDown()
    }

    @Test("a retried read keeps its deadline")
    func aRetriedReadKeepsItsDeadline() throws {
        let client = makeClient()
        client.perform(.traffic, for: self, ticket: 0)
        eventLoop.run()
        try answer(0)
        client.perform(.traffic, for: self, ticket: 1)
        eventLoop.run()
        eventLoop.advanceTime(by: .seconds(4))
        try channels[0].close().wait()
        eventLoop.run()
        #expect(connectTimeouts.last == .seconds(1))
        #expect(client.counters.retries == 1)
        eventLoop.advanceTime(by: .seconds(1))
        #expect(results[1]?.errorKind == .timedOut(limit: Self.limit))
        client.shutDown()
    }

    @Test("idle connections are kept without timers")
    func idleConnectionsAreKeptWithoutTimers() throws {
        let client = makeClient { $0.idleConnections = 1 }
        client.perform(.traffic, for: self, ticket: 0)
        client.perform(.online, for: self, ticket: 1)
        eventLoop.run()
        try answer(0)
        try answer(1)
        #expect(channels.filter(\.isActive).count == 1)
        eventLoop.advanceTime(by: .hours(24))
        #expect(channels.filter(\.isActive).count == 1)
        client.shutDown()
        #expect(channels.filter(\.isActive).isEmpty)
    }

    @Test("never more connections than allowed")
    func neverMoreConnectionsThanAllowed() throws {
        let client = makeClient { $0.connections = 3 }
        for ticket in 0..<20 as Range<UInt64> { client.perform(.kick(["\(ticket)"]), for: self, ticket: ticket) }
        eventLoop.run()
        for channel in 0..<20 {
            #expect(channels.filter(\.isActive).count == 3)
            try answer(channel, Responses.kicked)
        }
        #expect(results.count == 20)
        #expect(channels.count == 20)
        client.shutDown()
    }
}
