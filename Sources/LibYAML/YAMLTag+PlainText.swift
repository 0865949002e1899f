extension YAMLTag {
    /// What YAML 1.1 takes a text for that has neither quotes nor a tag.
    ///
    /// More is a number here than most people think: `0o17`, `1_000`, `12:30`, `1e3`.
    package init(plain text: String) {
        switch text {
        case "yes", "Yes", "YES", "no", "No", "NO", "true", "True", "TRUE", "false", "False", "FALSE", "on", "On", "ON",
            "off", "Off", "OFF":
            self = .bool
        case "", "~", "null", "Null", "NULL":
            self = .null
        case "<<":
            self = .merge
        case "=":
            self = .value
        default:
            let text = PlainText(text)
            if text.isInteger {
                self = .int
            } else if text.isNumber {
                self = .float
            } else {
                self = text.isTimestamp ? .timestamp : .str
            }
        }
    }
}
