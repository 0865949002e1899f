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
