import CYAML

/// Why a text cannot be read as a YAML document. It quotes no more of the text than keys.
package struct YAMLError: Error, Sendable, Hashable {
    /// What kind of thing is wrong.
    package enum Kind: Sendable, Hashable {
        /// A character that no YAML text has, by its number; nil for bytes that are no UTF-8.
        case notText(character: Int?)
        /// Something that is no YAML.
        case syntax
        /// A second document after the first.
        case secondDocument
        /// Keys that a mapping has more than once, in the order of the alphabet.
        case duplicateKeys([String])
        /// More than the limits allow.
        case tooMuch
        /// No memory was left.
        case outOfMemory
    }

    /// What kind of thing is wrong.
    package let kind: Kind

    /// What is wrong, in words that can follow others.
    package let problem: String

    /// What was being read, as in `while parsing a block mapping`.
    package let context: String?

    /// Where it is wrong, as far as that is known.
    package let mark: YAMLMark?

    /// Where that began which was being read, as far as that is known.
    package let contextMark: YAMLMark?

    init(
        _ kind: Kind,
        _ problem: String,
        context: String? = nil,
        mark: YAMLMark? = nil,
        contextMark: YAMLMark? = nil
    ) {
        self.kind = kind
        self.problem = problem
        self.context = context
        self.mark = mark
        self.contextMark = contextMark
    }
}

extension YAMLError {
    /// What made libyaml's parser stop.
    init(_ parser: yaml_parser_t) {
        let problem = parser.problem.map { String(cString: $0) } ?? "it cannot be read"
        switch parser.error {
        case YAML_MEMORY_ERROR:
            self.init(.outOfMemory, "no memory is left")
        case YAML_READER_ERROR:
            self.init(.notText(character: parser.problem_value >= 0 ? Int(parser.problem_value) : nil), problem)
        default:
            self.init(
                .syntax,
                problem,
                context: parser.context.map { String(cString: $0) },
                mark: YAMLMark(parser.problem_mark),
                contextMark: parser.context == nil ? nil : YAMLMark(parser.context_mark)
            )
        }
    }
}
