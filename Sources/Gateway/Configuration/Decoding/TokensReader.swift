/// Reads `tokens`.
struct TokensReader {
    private let top: YAMLMapping
    private let files: ReferencedFiles

    init(_ top: YAMLMapping, _ files: ReferencedFiles) {
        self.top = top
        self.files = files
    }

    /// The tokens; nil, and problems noted, where one of them cannot be used.
    func read() -> [TokenEntry]? {
        guard
            let value = top.required("tokens", expected: "at least one token; 'hysteria-gateway token NAME' makes one"),
            let values = value.list(of: "tokens")
        else { return nil }

        var tokens: [TokenEntry] = []
        var lines: [String: Int] = [:]
        for value in values {
            let reader = TokenReader(value, files)
            if let name = reader?.name {
                if let line = lines[name.text] {
                    name.value.fail(
                        "the name \(Excerpt.quote(name.text)) is given more than once",
                        expected: "a name of its own; line \(line) has it too"
                    )
                }
                lines[name.text] = lines[name.text] ?? name.value.line
            }
            guard let token = reader?.read() else { continue }
            if let same = tokens.first(where: { $0.digest == token.digest }) {
                value.fail("the token is the same as that of '\(same.name)'", expected: "a token of its own")
            }
            tokens.append(token)
        }
        return tokens.count == values.count ? tokens : nil
    }
}
