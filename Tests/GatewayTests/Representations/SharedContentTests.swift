import HysteriaSimulator
import LibZlib
import NIOConcurrencyHelpers
import NIOCore
import NIOEmbedded
import NIOPosix
import Testing

@testable import Gateway

@Suite("What is made of a content is made once for all who share it")
struct SharedContentTests {
    @Test("however many ask at once")
    func madeOnce() throws {
        let count = Counter()
        let made = MadeOnce(in: nil) { count.next() }
        var got: [Int?] = []
        for _ in 0..<3 { made.get { got.append($0) } }
        #expect(got == [1, 1, 1])
    }

    @Test("also where it is made elsewhere, and answers come in the order in which they were asked for")
    func madeElsewhere() {
        let (works, loop) = (HeldWorks(), EmbeddedEventLoop())
        let count = Counter()
        let material = WorkMaterial(bytes: 100_000)
        let made = MadeOnce(in: .init(offLoop: works.offLoop, material: material, eventLoop: loop)) { count.next() }
        var got: [Int] = []
        for number in 0..<3 { made.get { got.append(number * 10 + ($0 ?? 9)) } }
        #expect(got.isEmpty && works.count == 1, "it was made in a turn of the event loop")
        works.release()
        loop.run()
        #expect(got == [1, 11, 21])
        made.get { got.append($0 ?? 9) }
        #expect(got.last == 1)
    }

    @Test("and what is too much is not made: who asks for it is told")
    func tooMuch() {
        let (works, loop) = (HeldWorks(), EmbeddedEventLoop())
        let (material, offLoop) = (WorkMaterial(bytes: 100_000), works.offLoop)
        for number in 0..<FairQueue<Int>.countLimit {
            offLoop.run(material, for: "\(number)", on: loop, {}, then: { _ in })
        }
        var got: [Int?] = []
        let made = MadeOnce(in: .init(offLoop: offLoop, material: material, eventLoop: loop)) { 1 }
        made.get { got.append($0) }
        loop.run()
        #expect(got == [nil])
    }

    @Test("those who get the same bytes in one turn share them, and nobody else does")
    func turn() {
        let loop = EmbeddedEventLoop()
        let contents = TurnContents(.none, on: loop)
        let bytes = ByteBuffer(repeating: 7, count: 2_000)
        let first = contents.content(bytes)
        #expect(contents.content(bytes) === first)
        var copy = bytes
        #expect(contents.content(copy.readSlice(length: 2_000) ?? ByteBuffer()) === first)
        #expect(contents.content(bytes.getSlice(at: 0, length: 1_999) ?? ByteBuffer()) !== first)
        #expect(contents.content(bytes.getSlice(at: 1, length: 1_999) ?? ByteBuffer()) !== first)
        #expect(contents.content(ByteBuffer(repeating: 7, count: 2_000)) !== first)
        loop.run()
        #expect(contents.content(bytes) !== first)
    }

    @Test("a content that does not get shorter is left as it is")
    func incompressible() {
        var random = SeededGenerator(seed: 5)
        let noise = ByteBuffer(bytes: (0..<2_000).map { _ in UInt8.random(in: 0...255, using: &random) })
        #expect(noise.compressed(.fast) == nil)
        #expect(ByteBuffer().compressed(.fast) == nil)
        #expect((ByteBuffer(repeating: 7, count: 2_000).compressed(.fast)?.readableBytes ?? 2_000) < 50)
    }
}

/// Counts on any thread.
private final class Counter: Sendable {
    private let count = NIOLockedValueBox(0)

    func next() -> Int {
        count.withLockedValue {
            $0 += 1
            return $0
        }
    }
}
