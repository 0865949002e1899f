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
        let made = MadeOnce(by: nil) { count.next() }
        var got: [Int?] = []
        for _ in 0..<3 { made.get { got.append($0) } }
        #expect(got == [1, 1, 1])
    }

    @Test("also where another thread makes it, and answers come in the order in which they were asked for")
    func madeElsewhere() async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let count = Counter()
        let got = try await loop.flatSubmit {
            let promise = loop.makePromise(of: [Int].self)
            let made = MadeOnce(by: LongWork(on: loop)) { count.next() }
            var got: [Int] = []
            for number in 0..<3 {
                made.get { value in
                    #expect(loop.inEventLoop)
                    got.append(number * 10 + (value ?? 9))
                    if got.count == 3 { promise.succeed(got) }
                }
            }
            #expect(got.isEmpty, "it was made in a turn of the event loop")
            return promise.futureResult
        }.get()
        #expect(got == [1, 11, 21])
    }

    @Test("and what is too much is not done: who asks for it is told at once, and there is room again later")
    func tooMuch() async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let (refused, made, later) = try await loop.flatSubmit {
            let promise = loop.makePromise(of: (Int, Int, Int?).self)
            let work = LongWork(on: loop)
            var (refused, made) = (0, 0)
            for _ in 0..<12 {
                work.run(
                    { 7 },
                    whenDone: { value in
                        if value == nil { refused += 1 } else { made += 1 }
                        guard refused + made == 12 else { return }
                        let (refused, made) = (refused, made)
                        work.run({ 8 }, whenDone: { promise.succeed((refused, made, $0)) })
                    }
                )
            }
            return promise.futureResult
        }.get()
        #expect(refused == 4)
        #expect(made == 8)
        #expect(later == 8)
    }

    @Test("those who get the same bytes in one turn share them, and nobody else does")
    func turn() {
        let loop = EmbeddedEventLoop()
        let contents = TurnContents(on: loop)
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
