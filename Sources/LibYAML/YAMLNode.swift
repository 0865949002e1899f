/// A value of a YAML document, with the place where it stands.
package struct YAMLNode: Sendable {
    /// What a node consists of.
    package enum Content: Sendable {
        /// A single value.
        case scalar(YAMLScalar)
        /// A list.
        case sequence([YAMLNode])
        /// Keys with values, in the order of the text.
        case mapping([Pair])
        /// The name of the anchor that an alias stands for; only where aliases are kept.
        case alias(String)
    }

    /// A key with its value.
    package struct Pair: Sendable {
        /// The key.
        package let key: YAMLNode
        /// The value.
        package let value: YAMLNode

        /// Makes a pair.
        package init(key: YAMLNode, value: YAMLNode) {
            self.key = key
            self.value = value
        }
    }

    /// What the node consists of.
    package let content: Content

    /// Where it begins. What an alias was resolved to begins where its anchor stands.
    package let mark: YAMLMark

    /// The tag of the text; that of a text for quoted values; otherwise the implicit one.
    package let tag: YAMLTag

    /// The name under which aliases repeat this node.
    package let anchor: String?

    /// Makes a node.
    package init(_ content: Content, mark: YAMLMark, tag: YAMLTag = .implicit, anchor: String? = nil) {
        self.content = content
        self.mark = mark
        self.tag = tag
        self.anchor = anchor
    }

    /// The single value, if it is one.
    package var scalar: YAMLScalar? {
        guard case .scalar(let scalar) = content else { return nil }
        return scalar
    }

    /// Whether it is an alias that was kept.
    package var isAlias: Bool {
        if case .alias = content { true } else { false }
    }

    /// What the node is: its tag, or else what YAML 1.1 takes its content for.
    package var resolvedTag: YAMLTag {
        guard tag == .implicit || tag == .nonSpecific else { return tag }
        switch content {
        case .scalar(let scalar): return tag == .implicit ? YAMLTag(plain: scalar.string) : .str
        case .sequence: return .seq
        case .mapping: return .map
        case .alias: return tag
        }
    }
}

extension YAMLNode {
    /// What becomes of aliases.
    package enum Aliases: Sendable {
        /// Each is replaced by what its anchor stands for.
        case resolved
        /// Each stays an alias, for readers that want none.
        case kept
    }

    /// Reads the only document of a text; `nil` if there is none.
    ///
    /// - Parameters:
    ///   - bytes: The text, in UTF-8; a byte order mark before it does no harm.
    ///   - aliases: What becomes of aliases.
    ///   - limits: How much is read.
    package static func document(
        in bytes: some Collection<UInt8>,
        aliases: Aliases = .resolved,
        limits: YAMLLimits = YAMLLimits()
    ) throws(YAMLError) -> YAMLNode? {
        guard bytes.count <= limits.bytes else {
            throw YAMLError(.tooMuch, "more than \(limits.bytes) bytes")
        }
        var composer = YAMLComposer(YAMLParser(bytes), aliases: aliases, limits: limits)
        return try composer.document()
    }
}

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

/// A place in a YAML text.
package struct YAMLMark: Sendable, Hashable {
    /// The line, counted from 1.
    package let line: Int

    /// The column, counted from 1 in Unicode scalars.
    package let column: Int

    /// Makes a mark.
    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}
