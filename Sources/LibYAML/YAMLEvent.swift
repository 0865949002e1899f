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
