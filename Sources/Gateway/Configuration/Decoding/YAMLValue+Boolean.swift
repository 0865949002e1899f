extension YAMLValue {
    /// One of the words true and false, as YAML 1.2 has them.
    func boolean() -> Bool? {
        guard let word = word(among: ["true", "false"], kind: "truth value") else { return nil }
        guard !isQuoted else {
            fail("found \(Excerpt.quote(word)) in quotes", expected: "true or false, without quotes")
            return nil
        }
        return word == "true"
    }
}
