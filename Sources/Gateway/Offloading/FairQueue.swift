import NIOCore

/// Works that wait to be done: the owners in turn, and each one's in their order, so that whoever asks for much delays nobody but
/// themselves. How many wait, and the memory that they hold, is bounded.
struct FairQueue<Work: Sendable>: Sendable {
    /// How many may wait.
    static var countLimit: Int { 256 }
    /// How many of them may be of one owner.
    static var shareLimit: Int { 128 }
    /// The bytes that they may hold together. A single one may hold more.
    static var byteLimit: Int { 128 << 20 }

    struct Entry: Sendable {
        let work: Work
        fileprivate let material: WorkMaterial
    }

    private var lanes: [String: CircularBuffer<Entry>] = [:]
    /// The owners whose works wait, in the order in which they have their turn.
    private var turns = CircularBuffer<String>()
    /// How many works hold each material, waiting or under way.
    private var holders: [UInt: Int] = [:]
    private(set) var count = 0
    private(set) var bytes = 0

    /// Takes in a work.
    ///
    /// - Parameter isDue: whether it is taken in whatever waits already: something would be lost with it.
    /// - Returns: whether there was room.
    mutating func add(_ work: Work, of owner: String, _ material: WorkMaterial, isDue: Bool) -> Bool {
        let isNew = material.identity == 0 || holders[material.identity] == nil
        if !isDue {
            guard count < Self.countLimit, lanes[owner]?.count ?? 0 < Self.shareLimit else { return false }
            guard !isNew || bytes == 0 || bytes + material.bytes <= Self.byteLimit else { return false }
        }
        if isNew { bytes += material.bytes }
        if material.identity != 0 { holders[material.identity, default: 0] += 1 }
        if lanes[owner] == nil { turns.append(owner) }
        lanes[owner, default: CircularBuffer(initialCapacity: 2)].append(Entry(work: work, material: material))
        count += 1
        return true
    }

    /// The work that is to be done next; nil where none waits. It holds its material until ``ended(_:)``.
    mutating func next() -> Entry? {
        guard let owner = turns.popFirst(), var lane = lanes.removeValue(forKey: owner) else { return nil }
        let entry = lane.removeFirst()
        if !lane.isEmpty {
            lanes[owner] = lane
            turns.append(owner)
        }
        count -= 1
        return entry
    }

    /// A work has been done.
    mutating func ended(_ entry: Entry) {
        let material = entry.material
        guard material.identity != 0 else { return bytes -= material.bytes }
        let left = (holders[material.identity] ?? 1) - 1
        holders[material.identity] = left > 0 ? left : nil
        if left <= 0 { bytes -= material.bytes }
    }
}
