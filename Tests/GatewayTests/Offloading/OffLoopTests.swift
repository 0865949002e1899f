import NIOConcurrencyHelpers
import NIOCore
import NIOEmbedded
import NIOPosix
import Testing

@testable import Gateway

@Suite("What would hold up an event loop is done elsewhere")
struct OffLoopTests {
    private let large = WorkMaterial(bytes: OffLoop.smallest)
    private let small = WorkMaterial(bytes: OffLoop.smallest - 1)

    @Test("small works are done at once, large ones when there is time, and what came of it is told")
    func sizes() {
        let (works, loop) = (HeldWorks(), EmbeddedEventLoop())
        let offLoop = works.offLoop
        var told: [Int?] = []
        offLoop.run(small, for: "a", on: loop, { 1 }, then: { told.append($0) })
        #expect(told == [1] && works.count == 0)
        offLoop.run(large, for: "a", on: loop, { 2 }, then: { told.append($0) })
        #expect(told == [1] && works.count == 1)
        works.release()
        loop.run()
        #expect(told == [1, 2])
    }

    @Test("where there is no room it says so, but for what has to be done")
    func full() {
        let (works, loop) = (HeldWorks(), EmbeddedEventLoop())
        let offLoop = works.offLoop
        var told = 0
        for number in 0..<FairQueue<Int>.countLimit {
            offLoop.run(large, for: "\(number)", on: loop, {}, then: { if $0 != nil { told += 1 } })
        }
        var refused: [Bool] = []
        offLoop.run(large, for: "z", on: loop, {}, then: { refused.append($0 == nil) })
        offLoop.run(large, for: "z", isDue: true, on: loop, {}, then: { refused.append($0 == nil) })
        loop.run()
        #expect(refused == [true] && told == 0)
        works.release()
        loop.run()
        #expect(refused == [true, false] && told == FairQueue<Int>.countLimit)
    }

    @Test("the threads do not end before all that waits is done")
    func shutDown() async throws {
        let offLoop = OffLoop(threads: 2)
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let done = NIOLockedValueBox(0)
        let isOnLoop = NIOLockedValueBox(false)
        for number in 0..<100 {
            _ = offLoop.submit(large, for: "\(number % 7)", on: loop) {
                if loop.inEventLoop { isOnLoop.withLockedValue { $0 = true } }
                done.withLockedValue { $0 += 1 }
            }
        }
        await offLoop.shutDown()
        #expect(done.withLockedValue { $0 } == 100)
        #expect(!isOnLoop.withLockedValue { $0 })
    }
}
