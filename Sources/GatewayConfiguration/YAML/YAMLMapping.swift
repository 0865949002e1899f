/// A mapping whose keys are all known.
package struct YAMLMapping {
    /// The mapping itself.
    package let value: YAMLValue
    private let values: [String: YAMLValue]

    /// Notes each unknown key with the nearest known one; gives nil for what is no mapping at all.
    init?(_ value: YAMLValue, keys: [String]) {
        if value.failIfPlaceholder() { return nil }
        guard value.isMapping else {
            let advice: String? =
                if value.isList {
                    "write them without '- ' before them"
                } else if value.isNothing, value.key != nil {
                    "write them below '\(value.name):', two spaces further in"
                } else {
                    nil
                }
            value.fail(
                "found \(value.kindInWords)",
                expected: "the keys \(keys.joined(separator: ", "))",
                advice: advice
            )
            return nil
        }
        var values: [String: YAMLValue] = [:]
        for (key, child) in value.entries where !DuplicateKeys.isRenamed(key) {
            guard keys.contains(key) else {
                UnknownKey(key: key, mapping: value, known: keys).report(at: child.keyLine)
                continue
            }
            values[key] = child
        }
        self.value = value
        self.values = values
    }

    /// The value of a key; nil where the key is absent.
    subscript(key: String) -> YAMLValue? { values[key] }

    /// The value of a key that must be there.
    package func required(_ key: String, expected: String) -> YAMLValue? {
        if let value = values[key] { return value }
        // What the whole file lacks is missing in no line.
        let line = value.key == nil ? nil : value.line
        value.problems.fail(line: line, key: value.path(of: key), "missing", expected: expected)
        return nil
    }
}
