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

/// One step through a YAML text.
struct YAMLEvent {
    /// What was met.
    enum Content {
        case streamStart
        case streamEnd
        case documentStart
        case documentEnd
        case alias(String)
        case scalar(YAMLScalar)
        case sequenceStart
        case sequenceEnd
        case mappingStart
        case mappingEnd
    }

    let content: Content
    let mark: YAMLMark
    var tag = YAMLTag.implicit
    var anchor: String?
}

extension YAMLEvent {
    /// Takes what an event of libyaml says; `nil` for the kinds that only a parser that has ended gives.
    init?(_ event: yaml_event_t) {
        let mark = YAMLMark(event.start_mark)
        switch event.type {
        case YAML_STREAM_START_EVENT: self.init(content: .streamStart, mark: mark)
        case YAML_STREAM_END_EVENT: self.init(content: .streamEnd, mark: mark)
        case YAML_DOCUMENT_START_EVENT: self.init(content: .documentStart, mark: mark)
        case YAML_DOCUMENT_END_EVENT: self.init(content: .documentEnd, mark: mark)
        case YAML_ALIAS_EVENT:
            self.init(content: .alias(String(c: event.data.alias.anchor) ?? ""), mark: mark)
        case YAML_SCALAR_EVENT:
            let data = event.data.scalar
            // By its length: a text can have a zero in it. libyaml writes UTF-8, whatever it has read.
            let text = String(decoding: UnsafeBufferPointer(start: data.value, count: data.length), as: UTF8.self)
            self.init(
                content: .scalar(YAMLScalar(text, style: YAMLScalar.Style(data.style))),
                mark: mark,
                tag: data.quoted_implicit == 1 ? .str : YAMLTag(data.tag),
                anchor: String(c: data.anchor)
            )
        case YAML_SEQUENCE_START_EVENT:
            let data = event.data.sequence_start
            self.init(.sequenceStart, mark, tag: data.tag, isImplicit: data.implicit, anchor: data.anchor)
        case YAML_SEQUENCE_END_EVENT: self.init(content: .sequenceEnd, mark: mark)
        case YAML_MAPPING_START_EVENT:
            let data = event.data.mapping_start
            self.init(.mappingStart, mark, tag: data.tag, isImplicit: data.implicit, anchor: data.anchor)
        case YAML_MAPPING_END_EVENT: self.init(content: .mappingEnd, mark: mark)
        default: return nil
        }
    }

    /// The beginning of a list or a mapping.
    private init(
        _ content: Content,
        _ mark: YAMLMark,
        tag: UnsafePointer<UInt8>?,
        isImplicit: CInt,
        anchor: UnsafePointer<UInt8>?
    ) {
        self.init(
            content: content,
            mark: mark,
            tag: isImplicit == 1 ? .implicit : YAMLTag(tag),
            anchor: String(c: anchor)
        )
    }
}

extension YAMLMark {
    init(_ mark: yaml_mark_t) {
        self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }
}

extension YAMLTag {
    fileprivate init(_ text: UnsafePointer<UInt8>?) {
        self.init(rawValue: String(c: text) ?? "")
    }
}

extension YAMLScalar.Style {
    fileprivate init(_ style: yaml_scalar_style_t) {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: self = .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: self = .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: self = .literal
        case YAML_FOLDED_SCALAR_STYLE: self = .folded
        default: self = .plain
        }
    }
}

extension String {
    /// A text of libyaml's that ends with a zero.
    fileprivate init?(c text: UnsafePointer<UInt8>?) {
        guard let text else { return nil }
        self.init(cString: text)
    }
}
