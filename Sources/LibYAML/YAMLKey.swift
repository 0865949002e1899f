/// What makes two keys the same: what they are and what they say, not how and where that is written.
enum YAMLKey: Hashable {
    case scalar(YAMLTag, String)
    case sequence(YAMLTag, [YAMLKey])
    case mapping(YAMLTag, keys: [YAMLKey], values: [YAMLKey])
    case alias(String)

    init(_ node: YAMLNode) {
        switch node.content {
        case .scalar(let scalar):
            self = .scalar(node.resolvedTag, scalar.string)
        case .sequence(let nodes):
            self = .sequence(node.resolvedTag, nodes.map(YAMLKey.init))
        case .mapping(let pairs):
            self = .mapping(
                node.resolvedTag,
                keys: pairs.map { YAMLKey($0.key) },
                values: pairs.map { YAMLKey($0.value) }
            )
        case .alias(let name):
            self = .alias(name)
        }
    }

    /// What to call the key in a message.
    private var name: String {
        switch self {
        case .scalar(_, let text): text
        case .sequence, .mapping: "?"
        case .alias(let name): "*\(name)"
        }
    }

    /// Refuses a mapping that has a key more than once, at the first place of the first such key by the alphabet.
    static func check(_ pairs: [YAMLNode.Pair]) throws(YAMLError) {
        guard pairs.count > 1 else { return }
        var marks: [YAMLKey: YAMLMark] = [:]
        var duplicates: [YAMLKey: YAMLMark] = [:]
        for pair in pairs {
            let key = YAMLKey(pair.key)
            if let first = marks[key] {
                duplicates[key] = first
            } else {
                marks[key] = pair.key.mark
            }
        }
        let places = duplicates.map { (name: $0.key.name, mark: $0.value) }.sorted {
            ($0.name, $0.mark.line, $0.mark.column) < ($1.name, $1.mark.line, $1.mark.column)
        }
        guard let first = places.first else { return }
        let names = places.map(\.name)
        let shown = names.map { "'\($0)'" }.joined(separator: ", ")
        throw YAMLError(.duplicateKeys(names), "a key twice: \(shown)", mark: first.mark)
    }
}
