import CYAML

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
