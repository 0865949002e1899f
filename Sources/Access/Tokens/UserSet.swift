/// The users that a token is limited to, compared byte by byte.
///
/// Two of Hysteria's users may differ only in how an accent is encoded. Swift's `String` takes those for equal, so a
/// plain `Set<String>` would show the figures of one to the other.
package struct UserSet: Sendable {
    /// The names in the order in which they were given, each once.
    package let names: [String]

    /// The names under their canonical form: a lookup hashes the string and compares bytes only with its like.
    private let candidates: [String: [String]]

    /// Makes a set of these names.
    package init(_ names: some Sequence<String>) {
        var kept: [String] = []
        var candidates: [String: [String]] = [:]
        for name in names where !UserSet.holds(candidates[name], name) {
            kept.append(name)
            candidates[name, default: []].append(name)
        }
        self.names = kept
        self.candidates = candidates
    }

    /// Whether the set holds exactly this name.
    package func contains(_ name: String) -> Bool {
        UserSet.holds(candidates[name], name)
    }

    private static func holds(_ candidates: [String]?, _ name: String) -> Bool {
        guard let candidates else { return false }
        return candidates.contains { $0.utf8.elementsEqual(name.utf8) }
    }
}

extension UserSet: Equatable {
    /// Whether both have the same names, byte by byte and in the same order.
    package static func == (left: UserSet, right: UserSet) -> Bool {
        left.names.elementsEqual(right.names) { $0.utf8.elementsEqual($1.utf8) }
    }
}
