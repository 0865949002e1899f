import Testing

@testable import Gateway
@testable import HTTPServer

@Suite("The answers of an HTTP/2 connection on their way out")
struct HTTP2AnswerFlowTests {
    private final class Ends {
        var all: [Bool] = []
    }

    private let ends = Ends()
    private var watched: Delivery { Delivery(report: { [ends] in ends.all.append($0) }) }

    @Test("are counted until they are out or given up")
    func counting() {
        var flow = HTTP2AnswerFlow()
        #expect(flow.unsent == 0)
        for _ in 0..<3 { flow.began() }
        #expect(flow.unsent == 3)
        flow.ended(Delivery(), declining: nil)
        flow.gaveUp()
        #expect(flow.unsent == 1)
    }

    @Test("have to be taken as fast together as one alone")
    func share() {
        var flow = HTTP2AnswerFlow()
        #expect(flow.share(of: 60) == 60)
        flow.began()
        #expect(flow.share(of: 60) == 60)
        flow.began()
        flow.began()
        #expect(flow.share(of: 60) == 20)
    }

    @Test("are told of with the write that they are part of, and with no other")
    func deliveries() {
        var flow = HTTP2AnswerFlow()
        for _ in 0..<3 { flow.began() }
        flow.ended(watched, declining: nil)
        flow.ended(Delivery(), declining: nil)
        #expect(ends.all.isEmpty)
        for delivery in flow.takeDeliveries() { delivery.end(isLost: false) }
        #expect(ends.all == [false])
        #expect(result(flow.takeDeliveries()).isEmpty)
        flow.ended(watched, declining: nil)
        for delivery in flow.takeDeliveries() { delivery.end(isLost: true) }
        #expect(ends.all == [false, true])
    }

    @Test("decline the rest of their requests once")
    func declining() {
        var flow = HTTP2AnswerFlow()
        for _ in 0..<3 { flow.began() }
        flow.ended(Delivery(), declining: 5)
        flow.ended(Delivery(), declining: nil)
        flow.ended(Delivery(), declining: 1)
        #expect(result(flow.takeDeclined()) == [5, 1])
        #expect(result(flow.takeDeclined()).isEmpty)
    }
}

@Suite("The streams of an HTTP/2 connection")
struct HTTP2StreamsTests {
    private final class Owner: HTTP2StreamOwner {
        private(set) var answered: [Int32] = []

        func respond(_ response: Response, on stream: HTTP2Stream) {
            answered.append(stream.key.id)
            stream.hold(response, now: .uptimeNanoseconds(0))
        }
    }

    private let owner = Owner()

    private func stream() -> HTTP2Stream { HTTP2Stream(exchange: StubExchange(), owner: owner) }

    @Test("are found by the key that libnghttp2 keeps for them", arguments: [1, 0x7FFF_FFFF] as [Int32])
    func keys(id: Int32) throws {
        let key = HTTP2StreamKey(id: id, place: 7)
        #expect(HTTP2StreamKey(try #require(key.pointer)) == key)
    }

    @Test("are found until they close, each in its place")
    func places() {
        var streams = HTTP2Streams()
        let (first, second) = (stream(), stream())
        let firstKey = streams.open(first, id: 1)
        let secondKey = streams.open(second, id: 3)
        #expect(streams[firstKey] === first)
        #expect(streams[secondKey] === second)
        #expect(!result(streams.close(first)))
        #expect(streams[firstKey] == nil)
        #expect(streams[secondKey] === second)
        let third = stream()
        #expect(result(streams.open(third, id: 5)).place == firstKey.place)
        #expect(streams[firstKey] == nil)
    }

    @Test("are used again once they are answered, and not before")
    func reuse() {
        var streams = HTTP2Streams()
        let (answered, waiting) = (stream(), stream())
        _ = streams.open(answered, id: 1)
        _ = streams.open(waiting, id: 3)
        answered.send(.text("a"))
        #expect(result(streams.close(answered)))
        #expect(!result(streams.close(waiting)))
        #expect(result(streams.takeUnused()) === answered)
        #expect(result(streams.takeUnused()) == nil)
        #expect(owner.answered == [1])
    }

    @Test("keep so much of their bodies together, and what is let go makes room")
    func bodies() {
        var streams = HTTP2Streams()
        let (first, second) = (stream(), stream())
        _ = streams.open(first, id: 1)
        _ = streams.open(second, id: 3)
        let bytes = [UInt8](repeating: 0, count: HTTP2Limits.bodies)
        bytes.withUnsafeBytes { bytes in
            let one = UnsafeRawBufferPointer(rebasing: bytes[..<1])
            #expect(result(streams.keep(bytes, on: first)))
            #expect(!result(streams.keep(one, on: second)))
            streams.releaseBody(of: first)
            #expect(result(streams.keep(one, on: second)))
        }
    }
}
