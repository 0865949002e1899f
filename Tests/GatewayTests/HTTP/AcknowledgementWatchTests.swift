import NIOCore
import NIOEmbedded
import Testing

@testable import HTTPServer

@Suite("Whether the caller has an answer that is given once")
struct AcknowledgementWatchTests {
    /// A connection whose socket holds as many bytes as a test says.
    private final class Bench {
        let channel: EmbeddedChannel
        var unacknowledged = 100
        private(set) var verdicts: [Bool] = []

        init() throws {
            channel = EmbeddedChannel()
            let watch = AcknowledgementWatch(
                unacknowledged: { [unowned self] _ in unacknowledged },
                whenDecided: { [unowned self] in verdicts.append($0) }
            )
            try channel.pipeline.syncOperations.addHandler(watch, position: .first)
        }

        func pass(_ time: TimeAmount) { channel.embeddedEventLoop.advanceTime(by: time) }
        func receive() throws { try channel.writeInbound(ByteBuffer(string: "x")) }
        func end() { channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }
        func reset() {
            channel.pipeline.fireErrorCaught(IOError(errnoCode: 104, reason: "read"))
            channel.pipeline.fireChannelInactive()
        }
    }

    @Test("it has it once all is acknowledged and it goes on")
    func goesOn() throws {
        let bench = try Bench()
        bench.unacknowledged = 0
        try bench.receive()
        #expect(bench.verdicts == [false])
        // What comes later says nothing more, and the bytes were passed on.
        bench.reset()
        #expect(bench.verdicts == [false])
        #expect(try bench.channel.readInbound(as: ByteBuffer.self) == ByteBuffer(string: "x"))
    }

    @Test("it has it once all is acknowledged and it ends its side")
    func endsInOrder() throws {
        let bench = try Bench()
        bench.unacknowledged = 0
        bench.end()
        #expect(bench.verdicts == [false])
    }

    @Test("it is lost where the connection is reset after all was acknowledged: it was closed unread")
    func reset() throws {
        let bench = try Bench()
        bench.unacknowledged = 0
        bench.pass(.milliseconds(50))
        bench.reset()
        #expect(bench.verdicts == [true])
    }

    @Test("it is lost where the connection ends with bytes left", arguments: [true, false])
    func gone(inOrder: Bool) throws {
        let bench = try Bench()
        if inOrder { bench.end() } else { bench.reset() }
        #expect(bench.verdicts == [true])
    }

    @Test("bytes that come while some are not acknowledged decide nothing")
    func undecided() throws {
        let bench = try Bench()
        try bench.receive()
        #expect(bench.verdicts == [])
        bench.unacknowledged = 0
        try bench.receive()
        #expect(bench.verdicts == [false])
    }

    @Test("a silent caller has it after five seconds if its kernel has", arguments: [0, 100])
    func silence(left: Int) throws {
        let bench = try Bench()
        bench.unacknowledged = left
        bench.pass(.seconds(4))
        #expect(bench.verdicts == [])
        bench.pass(.seconds(1))
        #expect(bench.verdicts == [left > 0])
    }

    @Test("what was acknowledged stays so, whatever other answers are under way")
    func later() throws {
        let bench = try Bench()
        bench.unacknowledged = 0
        bench.pass(.milliseconds(10))
        bench.unacknowledged = 5000
        bench.end()
        #expect(bench.verdicts == [false])
    }
}
