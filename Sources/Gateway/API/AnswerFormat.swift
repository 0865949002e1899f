/// How an answer is written.
enum AnswerFormat {
    /// As Hysteria writes it.
    case json
    /// For people at a terminal.
    case text
}
