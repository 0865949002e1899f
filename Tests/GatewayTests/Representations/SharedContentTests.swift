import HysteriaSimulator
import LibZlib
import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway

@Suite("What is made of a content is made once for all who share it")
struct SharedContentTests {
    @Test("however many ask at once")
    func madeOnce() {
        let content = SharedContent(ByteBuffer(repeating: 7, count: 2_000), .none, on: EmbeddedEventLoop())
        let tag = EntityTag(of: content.plain)
        var got: [EntityTag?] = []
        for _ in 0..<3 { content.tag.assumeIsolated().whenComplete { got.append(try? $0.get()) } }
        #expect(got == [tag, tag, tag])
        #expect(content.tag === content.tag && content.compressed === content.compressed)
    }

    @Test("also where it is made elsewhere, and answers come in the order in which they were asked for")
    func madeElsewhere() {
        let (works, loop) = (HeldWorks(), EmbeddedEventLoop())
        let content = SharedContent(ByteBuffer(repeating: 7, count: 100_000), works.offLoop, on: loop)
        let tag = EntityTag(of: content.plain)
        var got: [Int] = []
        for number in 0..<3 {
            content.tag.assumeIsolated().whenComplete { got.append(number * 10 + ((try? $0.get()) == tag ? 1 : 9)) }
        }
        #expect(got.isEmpty && works.count == 1, "it was made in a turn of the event loop")
        works.release()
        loop.run()
        #expect(got == [1, 11, 21])
        content.tag.assumeIsolated().whenComplete { got.append((try? $0.get()) == tag ? 1 : 9) }
        #expect(got.last == 1 && got.count == 4 && works.count == 1)
    }

    @Test("and what is too much is not made: who asks for it is told")
    func tooMuch() {
        let (works, loop) = (HeldWorks(), EmbeddedEventLoop())
        let offLoop = works.offLoop
        for number in 0..<FairQueue<Int>.countLimit {
            offLoop.run(WorkMaterial(bytes: 100_000), for: "\(number)", on: loop, {}, then: { _ in })
        }
        var got: [EntityTag?] = []
        let content = SharedContent(ByteBuffer(repeating: 7, count: 100_000), offLoop, on: loop)
        content.tag.assumeIsolated().whenComplete { got.append(try? $0.get()) }
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
