import Testing

@testable import Gateway

@Suite("Works that wait have their turn, and a bound")
struct FairQueueTests {
    /// A queue that expectations can be asked of.
    private final class Bench {
        private var queue = FairQueue<String>()

        var count: Int { queue.count }
        var bytes: Int { queue.bytes }

        func takes(
            _ work: String,
            of owner: String,
            _ material: WorkMaterial = WorkMaterial(bytes: 10),
            isDue: Bool = false
        ) -> Bool {
            queue.add(work, of: owner, material, isDue: isDue)
        }

        func next() -> FairQueue<String>.Entry? { queue.next() }

        func ended(_ entry: FairQueue<String>.Entry) { queue.ended(entry) }

        func add(_ works: String..., of owner: String) {
            for work in works { #expect(takes(work, of: owner)) }
        }

        func drain() -> [String] {
            var works: [String] = []
            while let entry = queue.next() {
                works.append(entry.work)
                queue.ended(entry)
            }
            return works
        }
    }

    private let queue = Bench()

    @Test("the owners in turn, and each one's in their order")
    func turns() {
        queue.add("a1", "a2", "a3", of: "a")
        queue.add("b1", of: "b")
        queue.add("c1", "c2", of: "c")
        #expect(queue.count == 6)
        #expect(queue.drain() == ["a1", "b1", "c1", "a2", "c2", "a3"])
        #expect(queue.count == 0 && queue.bytes == 0)
    }

    @Test("nobody takes all places")
    func share() {
        for number in 0..<FairQueue<String>.shareLimit { queue.add("\(number)", of: "a") }
        #expect(!queue.takes("more", of: "a"))
        queue.add("b1", of: "b")
        _ = queue.next()
        queue.add("again", of: "a")
    }

    @Test("there are so many places, and what is due is taken in all the same")
    func places() {
        for number in 0..<FairQueue<String>.countLimit { queue.add("\(number)", of: "\(number)") }
        #expect(!queue.takes("more", of: "z"))
        #expect(queue.takes("due", of: "z", isDue: true))
        #expect(queue.drain().last == "due")
    }

    @Test("they hold so much memory, what many share counts once, and a single one may hold more")
    func memory() {
        let limit = FairQueue<String>.byteLimit
        let shared = WorkMaterial(identity: 1, bytes: limit - 10)
        for owner in ["a", "b", "c"] { #expect(queue.takes("1", of: owner, shared)) }
        #expect(queue.bytes == limit - 10)
        #expect(!queue.takes("2", of: "d", WorkMaterial(identity: 2, bytes: 11)))
        #expect(queue.takes("3", of: "d", WorkMaterial(identity: 3, bytes: 10)))
        // What is being done holds its memory still.
        let entries = (0..<3).compactMap { _ in queue.next() }
        #expect(entries.count == 3)
        for entry in entries {
            #expect(queue.bytes == limit)
            queue.ended(entry)
        }
        #expect(queue.bytes == 10)
        #expect(queue.drain() == ["3"])
        #expect(queue.takes("huge", of: "a", WorkMaterial(identity: 4, bytes: 2 * limit)))
    }
}
