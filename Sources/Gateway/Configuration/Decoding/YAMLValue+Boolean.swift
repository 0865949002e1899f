extension YAMLValue {
    /// What YAML 1.1, nginx and others take for truth values.
    private static let truths = [
        "yes": "true", "on": "true", "y": "true", "1": "true", "enabled": "true", "enable": "true", "是": "true",
        "no": "false", "off": "false", "n": "false", "0": "false", "disabled": "false", "disable": "false",
        "none": "false", "否": "false",
    ]

    /// One of the words true and false, as YAML 1.2 has them.
    func boolean() -> Bool? {
        guard let word = word(among: ["true", "false"], kind: "truth value", meanings: Self.truths) else { return nil }
        guard !isQuoted else {
            fail("found \(Excerpt.quote(word)) in quotes", expected: "true or false, without quotes")
            return nil
        }
        return word == "true"
    }
}
