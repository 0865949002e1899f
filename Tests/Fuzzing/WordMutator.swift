import HysteriaSimulator
import HysteriaStats

/// Changes an input at the joints of its grammar: where a word, a number or a mark ends.
///
/// libFuzzer's own changes are made anywhere, and hardly ever where a parser decides something.
struct WordMutator {
    private let words: [[UInt8]]
    private var random: SeededGenerator

    init(_ words: [[UInt8]], seed: UInt64) {
        self.words = words
        random = SeededGenerator(seed: seed)
    }

    /// Makes one change.
    mutating func change(_ bytes: inout [UInt8]) {
        let joints = Self.joints(of: bytes)
        let number = Int.random(in: 0..<joints.count, using: &random)
        let start = joints[number]
        let end = joints[min(number + 1, joints.count - 1)]
        switch Int.random(in: 0..<9, using: &random) {
        case 0, 1: insert(pick(words), into: &bytes, at: start)
        case 2: bytes.replaceSubrange(start..<end, with: pick(words))
        case 3: bytes.removeSubrange(start..<min(start + 1, bytes.count))
        case 4:
            bytes.removeSubrange(start..<joints[min(number + Int.random(in: 1...8, using: &random), joints.count - 1)])
        case 5:
            let piece = bytes[start..<joints[min(number + Int.random(in: 1...24, using: &random), joints.count - 1)]]
            insert(Array(piece), into: &bytes, at: pick(joints))
        case 6:
            // The last digit of a number, up or down.
            if end > start { bytes[end - 1] = Bool.random(using: &random) ? bytes[end - 1] &+ 1 : bytes[end - 1] &- 1 }
        case 7: changeLineEnd(&bytes)
        default:
            if start < bytes.count { bytes[start] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
        }
    }

    /// Inserts a word there, or a line where a line begins.
    private mutating func insert(_ word: [UInt8], into bytes: inout [UInt8], at index: Int) {
        let isLine = word.last == Self.lineFeed
        let starts = isLine ? [0] + bytes.indices.filter { bytes[$0] == Self.lineFeed }.map { $0 + 1 } : []
        bytes.insert(contentsOf: word, at: starts.isEmpty ? index : pick(starts))
    }

    /// Has a line end nearly as it should.
    private mutating func changeLineEnd(_ bytes: inout [UInt8]) {
        let ends = bytes.indices.filter { bytes[$0] == Self.lineFeed && $0 > 0 }
        guard !ends.isEmpty else { return }
        let end = pick(ends)
        bytes.replaceSubrange(end - 1...end, with: pick(Self.lineEnds).utf8)
    }

    private static let lineFeed = UInt8(ascii: "\n")
    private static let lineEnds = ["\n", "\r", "\n\r", "\r\r\n", "\r\n\r\n", " \r\n", "\t\r\n", "\r\n ", ""]

    private mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &random)]
    }

    /// Where words begin and end; marks stand by themselves.
    private static func joints(of bytes: [UInt8]) -> [Int] {
        bytes.indices.filter { $0 == 0 || !isWord(bytes[$0]) || !isWord(bytes[$0 - 1]) } + [bytes.count]
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") || byte == UInt8(ascii: "-")
            || byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
    }
}
