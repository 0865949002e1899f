import CYAML

/// Owns a parser of libyaml and the text that it reads.
final class YAMLParser {
    /// Both stay where they are: the parser refers to the text and to itself.
    private let text: UnsafeMutableBufferPointer<UInt8>
    private let parser: UnsafeMutablePointer<yaml_parser_t>

    /// Whether the parser has memory to work with.
    private let isReady: Bool

    /// Begins to read a text, which is UTF-8 whatever it begins with.
    init(_ bytes: some Collection<UInt8>) {
        // Never of no size: libyaml wants a pointer for an empty text, too.
        text = .allocate(capacity: bytes.count + 1)
        let end = text.initialize(fromContentsOf: bytes)
        text.initializeElement(at: end, to: 0)
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        isReady = yaml_parser_initialize(parser) == 1
        guard isReady else { return }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, text.baseAddress, end)
    }

    deinit {
        if isReady { yaml_parser_delete(parser) }
        parser.deallocate()
        text.deallocate()
    }

    /// The next event. There is none after the end of the stream or an error.
    func next() throws(YAMLError) -> YAMLEvent {
        guard isReady else { throw YAMLError(.outOfMemory, "no memory is left") }
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw YAMLError(parser.pointee) }
        defer { yaml_event_delete(&event) }
        guard let event = YAMLEvent(event) else { throw YAMLError(.syntax, "nothing follows any more") }
        return event
    }
}
