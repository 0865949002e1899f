/// Where each key of a configuration belongs, to help who has put one elsewhere.
package struct KeyPlaces: Sendable {
    private let mappings: [(path: String, keys: [String])]

    /// All keys, wherever they belong.
    package let all: Set<String>

    /// - Parameter mappings: The keys of each mapping, the likeliest first; those of a list stand under its name with `[]`.
    init(_ mappings: [(path: String, keys: [String])]) {
        self.mappings = mappings
        all = Set(mappings.flatMap(\.keys))
    }

    /// In words, the mappings that have a key; nil where none has.
    package func words(of key: String) -> String? {
        let key = Self.normalised(key)
        let places = mappings.filter { $0.keys.contains { Self.normalised($0) == key } }.map { place in
            switch place.path {
            case "": "at the beginning of a line"
            case let path where path.hasSuffix("[]"): "in an entry of '\(path.dropLast(2))'"
            case let path: "under '\(path):', two spaces further in"
            }
        }
        return places.isEmpty ? nil : places.joined(separator: " or ")
    }

    /// A key of the file for a path of keys, without a value that is stuck to it.
    func excerpt(of key: String) -> String {
        // No key of ours has a digit; a secret in the place of a key nearly always has.
        let mayBeSecret = key.count >= 8 && key.contains(where: \.isNumber)
        let isWord =
            key.utf8.count <= 32 && !key.contains("hg_")
            && key.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
        if isWord, !mayBeSecret { return key }
        let name = String(key.prefix { !":= ".contains($0) })
        if all.contains(name) { return name }
        return mayBeSecret ? "a text of \(key.count) characters" : Excerpt.quote(key)
    }

    private static func normalised(_ key: String) -> String {
        key.lowercased().filter { $0 != "-" && $0 != "_" }
    }

    /// The place of a key path without the numbers of list entries: `tokens[0].name` is `tokens[].name`.
    static func pattern(_ path: String) -> String {
        path.replacing(/\[\d+\]/, with: "[]")
    }
}
