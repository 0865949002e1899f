/// Where each key of a configuration belongs, to help who has put one elsewhere.
enum KeyPlaces {
    /// The keys of each mapping, the likeliest first; those of a list stand under its name with `[]`.
    private static let mappings: [(path: String, keys: [String])] = {
        let sections = Configuration.sections.map { (key: $0.key, mapping: $0.mapping) }
        var all = [(path: "", keys: sections.map(\.key))]
        for (key, mapping) in sections {
            guard let mapping, mapping.place != .someEntries else { continue }
            all.append((mapping.place == .section ? key : "\(key)[]", mapping.keys))
        }
        for (key, mapping) in sections {
            if let mapping, mapping.place == .someEntries { all.append(("\(key)[]", mapping.keys)) }
        }
        return all
    }()

    /// All keys, wherever they belong.
    static let all: Set<String> = Set(mappings.flatMap(\.keys))

    /// In words, the mappings that have a key; nil where none has.
    static func words(of key: String) -> String? {
        let key = normalised(key)
        let places = mappings.filter { $0.keys.contains { normalised($0) == key } }.map { place in
            switch place.path {
            case "": "at the beginning of a line"
            case let path where path.hasSuffix("[]"): "in an entry of '\(path.dropLast(2))'"
            case let path: "under '\(path):', two spaces further in"
            }
        }
        return places.isEmpty ? nil : places.joined(separator: " or ")
    }

    private static func normalised(_ key: String) -> String {
        key.lowercased().filter { $0 != "-" && $0 != "_" }
    }

    /// The place of a key path without the numbers of list entries: `tokens[0].name` is `tokens[].name`.
    static func pattern(_ path: String) -> String {
        path.replacing(/\[\d+\]/, with: "[]")
    }
}
