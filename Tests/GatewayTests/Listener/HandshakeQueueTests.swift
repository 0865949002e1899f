import HysteriaSimulator
import HysteriaStats
import NIOEmbedded
import Testing

@testable import Gateway

@Suite("Handshakes in progress stand in the order in which they began")
struct HandshakeQueueTests {
    private func entries(_ count: Int) -> [HandshakeQueue.Entry] {
        let channel = EmbeddedChannel()
        return (0..<count).map { _ in HandshakeQueue.Entry(channel) }
    }

    @Test("the oldest leaves first")
    func theOldestLeavesFirst() {
        var queue = HandshakeQueue()
        #expect(queue.removeOldest() === nil)
        let entries = entries(3)
        for entry in entries { queue.append(entry) }
        #expect(queue.count == 3)
        for entry in entries { #expect(queue.removeOldest() === entry) }
        #expect(queue.removeOldest() === nil)
        #expect(queue.count == 0)
    }

    @Test("who is done leaves from anywhere", arguments: 0..<3)
    func whoIsDoneLeavesFromAnywhere(index: Int) {
        var queue = HandshakeQueue()
        var entries = entries(3)
        for entry in entries { queue.append(entry) }
        let done = entries.remove(at: index)
        // A second time, nothing happens: the handshake ends, and then the connection.
        for _ in 0..<2 { queue.remove(done) }
        #expect(queue.count == 2)
        for entry in entries { #expect(queue.removeOldest() === entry) }
        #expect(queue.count == 0)
    }

    @Test("who was the oldest and had to leave does not leave again")
    func whoWasTheOldestAndHadToLeaveDoesNotLeaveAgain() throws {
        var queue = HandshakeQueue()
        let entries = entries(2)
        for entry in entries { queue.append(entry) }
        let oldest = queue.removeOldest()
        queue.remove(try #require(oldest))
        #expect(queue.count == 1)
        #expect(queue.removeOldest() === entries[1])
    }

    @Test("any order of coming and going is that of a list", arguments: 0..<20 as Range<UInt64>)
    func anyOrderOfComingAndGoingIsThatOfAList(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var queue = HandshakeQueue()
        var list: [HandshakeQueue.Entry] = []
        for entry in entries(500) {
            queue.append(entry)
            list.append(entry)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: #expect(queue.removeOldest() === list.removeFirst())
            case 1, 2: queue.remove(list.remove(at: Int.random(in: 0..<list.count, using: &random)))
            default: break
            }
            #expect(queue.count == list.count)
        }
        while let entry = queue.removeOldest() { #expect(entry === list.removeFirst()) }
        #expect(list.isEmpty)
    }

    @Test("who has left is not kept")
    func whoHasLeftIsNotKept() {
        var queue = HandshakeQueue()
        let last = entries(1)[0]
        weak var first: HandshakeQueue.Entry?
        do {
            let entry = entries(1)[0]
            first = entry
            queue.append(entry)
            queue.append(last)
            queue.remove(entry)
        }
        #expect(first == nil)
        #expect(queue.removeOldest() === last)
    }
}
