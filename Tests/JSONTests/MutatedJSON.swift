import SeededRandom

/// Texts that are nearly JSON: seeds with a byte changed, put in or taken out here and there, or with their end cut off.
struct MutatedJSON: Sequence, IteratorProtocol {
    private var random: SeededGenerator
    private var remaining: Int
    private let seeds: [[UInt8]]
    private let changes: ClosedRange<Int>

    /// What JSON is made of, and bytes that it is not.
    private static let alphabet =
        Array("{}[]\",:\\u0019aef.-+tnE \n".utf8) + [0x00, 0x1f, 0x7f, 0x80, 0xc3, 0xe2, 0xff]

    init(_ count: Int, of seeds: [String], changes: ClosedRange<Int>, seed: UInt64) {
        self.seeds = seeds.map { Array($0.utf8) }
        self.changes = changes
        remaining = count
        random = SeededGenerator(seed: seed)
    }

    mutating func next() -> [UInt8]? {
        guard remaining > 0 else { return nil }
        var bytes = seeds[remaining % seeds.count]
        remaining -= 1
        for _ in 0..<Int.random(in: changes, using: &random) {
            let index = Int.random(in: 0..<bytes.count, using: &random)
            let byte = Self.alphabet[Int.random(in: 0..<Self.alphabet.count, using: &random)]
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[index] = byte
            case 1: bytes.insert(byte, at: index)
            case 2: bytes.remove(at: index)
            default: bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
            }
            if bytes.isEmpty { bytes = [byte] }
        }
        return bytes
    }
}
