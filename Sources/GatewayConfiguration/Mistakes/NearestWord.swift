/// Finds the word that was probably meant.
package enum NearestWord {
    /// The known word nearest to a misspelt one; nil where none is near enough to be worth a guess.
    package static func find(_ word: String, among known: [String]) -> String? {
        let normal = normalised(word)
        guard !normal.isEmpty, normal.count <= 64 else { return nil }
        if normal.count >= 3, let longer = known.first(where: { normalised($0).starts(with: normal) }) { return longer }
        let ranked = known.map { (word: $0, distance: distance(normal, normalised($0))) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        let longer = max(normal.count, best.word.count)
        return best.distance <= max(1, longer / 3) ? best.word : nil
    }

    /// Case, hyphens and underscores are where spelling differs most and meaning least.
    private static func normalised(_ word: String) -> [UInt8] {
        word.lowercased().utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") }
    }

    /// The number of letters to insert, drop, replace or swap with a neighbour.
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for i in 1...left.count {
            var row = [i]
            for j in 1...right.count {
                let same = left[i - 1] == right[j - 1]
                var best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1))
                if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] {
                    best = min(best, beforeLast[j - 2] + 1)
                }
                row.append(best)
            }
            (beforeLast, last) = (last, row)
        }
        return last[right.count]
    }
}
