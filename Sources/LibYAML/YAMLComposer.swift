/// Makes one document of the events of a parser.
struct YAMLComposer {
    /// A node with what it adds to the limits wherever it is repeated.
    private struct Composed {
        let node: YAMLNode
        /// How many lists and mappings are within each other in it, itself included.
        let height: Int
        /// How many nodes it has; long texts count more than once.
        let weight: Int
    }

    private let parser: YAMLParser
    private let aliases: YAMLNode.Aliases
    private let limits: YAMLLimits
    private var anchors: [String: Composed] = [:]
    private var weight = 0

    init(_ parser: YAMLParser, aliases: YAMLNode.Aliases, limits: YAMLLimits) {
        self.parser = parser
        self.aliases = aliases
        self.limits = limits
    }

    /// The only document; `nil` if there is none.
    mutating func document() throws(YAMLError) -> YAMLNode? {
        _ = try parser.next()
        if case .streamEnd = try parser.next().content { return nil }
        let root = try compose(parser.next(), depth: 0)
        _ = try parser.next()
        let event = try parser.next()
        guard case .streamEnd = event.content else {
            throw YAMLError(
                .secondDocument,
                "but found another document",
                context: "expected a single document in the stream",
                mark: event.mark
            )
        }
        return root.node
    }

    private mutating func compose(_ event: YAMLEvent, depth: Int) throws(YAMLError) -> Composed {
        let composed: Composed
        switch event.content {
        case .alias(let name):
            return try alias(name, at: event.mark, depth: depth)
        case .scalar(let scalar):
            try add(1, at: event.mark)
            composed = Composed(
                node: YAMLNode(.scalar(scalar), mark: event.mark, tag: event.tag, anchor: event.anchor),
                height: 0,
                weight: 1 + scalar.string.utf8.count / 64
            )
        default:
            composed = try collection(event, depth: depth + 1)
        }
        // Only now: an alias within its own anchor would have no end.
        if let anchor = event.anchor { anchors[anchor] = composed }
        return composed
    }

    private mutating func alias(_ name: String, at mark: YAMLMark, depth: Int) throws(YAMLError) -> Composed {
        guard let target = anchors[name] else { throw YAMLError(.syntax, "found undefined alias", mark: mark) }
        guard aliases == .resolved else {
            try add(1, at: mark)
            return Composed(node: YAMLNode(.alias(name), mark: mark), height: 0, weight: 1)
        }
        try check(depth: depth + target.height, at: mark)
        try add(target.weight, at: mark)
        return target
    }

    private mutating func collection(_ start: YAMLEvent, depth: Int) throws(YAMLError) -> Composed {
        try check(depth: depth, at: start.mark)
        try add(1, at: start.mark)
        var height = 0
        var weight = 1
        let content: YAMLNode.Content
        switch start.content {
        case .sequenceStart:
            var nodes: [YAMLNode] = []
            while case let event = try parser.next(), !event.isEnd {
                let element = try compose(event, depth: depth)
                height = max(height, element.height)
                weight += element.weight
                nodes.append(element.node)
            }
            content = .sequence(nodes)
        case .mappingStart:
            var pairs: [YAMLNode.Pair] = []
            while case let event = try parser.next(), !event.isEnd {
                let key = try compose(event, depth: depth)
                // Comparing such keys goes through them once more, for each mapping that is a key around them.
                if key.height > 0 { try add(key.weight, at: key.node.mark) }
                let value = try compose(parser.next(), depth: depth)
                height = max(height, key.height, value.height)
                weight += key.weight + value.weight
                pairs.append(YAMLNode.Pair(key: key.node, value: value.node))
            }
            try YAMLKey.check(pairs)
            content = .mapping(pairs)
        default:
            throw YAMLError(.syntax, "did not find a value", mark: start.mark)
        }
        let node = YAMLNode(content, mark: start.mark, tag: start.tag, anchor: start.anchor)
        return Composed(node: node, height: height + 1, weight: weight)
    }

    private mutating func add(_ weight: Int, at mark: YAMLMark) throws(YAMLError) {
        self.weight += weight
        guard self.weight <= limits.nodes else {
            throw YAMLError(.tooMuch, "more than \(limits.nodes) values, with those that aliases repeat", mark: mark)
        }
    }

    private func check(depth: Int, at mark: YAMLMark) throws(YAMLError) {
        guard depth <= limits.depth else {
            throw YAMLError(.tooMuch, "more than \(limits.depth) lists and mappings within each other", mark: mark)
        }
    }
}

extension YAMLEvent {
    /// Whether this ends a list or a mapping.
    fileprivate var isEnd: Bool {
        switch content {
        case .sequenceEnd, .mappingEnd: true
        default: false
        }
    }
}

/// How much of a YAML text is read before it is refused.
package struct YAMLLimits: Sendable {
    /// The most bytes of the text.
    package var bytes: Int

    /// The most nodes, those that aliases repeat included. Of a text that is repeated, every 64 bytes are one more.
    package var nodes: Int

    /// The most lists and mappings within each other.
    package var depth: Int

    /// Makes limits; those of a configuration unless told otherwise.
    package init(bytes: Int = 4 << 20, nodes: Int = 1 << 20, depth: Int = 100) {
        self.bytes = bytes
        self.nodes = nodes
        self.depth = depth
    }
}
