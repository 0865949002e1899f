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
