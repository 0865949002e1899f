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
