/// A mapping whose keys are all known.
struct YAMLMapping {
    /// The mapping itself.
    let value: YAMLValue
    private let values: [String: YAMLValue]

    /// Notes each unknown key with the nearest known one; gives nil for what is no mapping at all.
    init?(_ value: YAMLValue, keys: [String]) {
        guard value.isMapping else {
            value.fail("found \(value.kindInWords)", expected: "the keys \(keys.joined(separator: ", "))")
            return nil
        }
        var values: [String: YAMLValue] = [:]
        for (key, child) in value.entries where !DuplicateKeys.isRenamed(key) {
            guard keys.contains(key) else {
                value.problems.fail(
                    line: child.keyLine,
                    key: value.path(of: YAMLMapping.shown(key)),
                    "unknown key",
                    expected: "one of \(keys.joined(separator: ", "))",
                    nearest: NearestWord.find(key, among: keys)
                )
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
    func required(_ key: String, expected: String) -> YAMLValue? {
        if let value = values[key] { return value }
        // What the whole file lacks is missing in no line.
        let line = value.key == nil ? nil : value.line
        value.problems.fail(line: line, key: value.path(of: key), "missing", expected: expected)
        return nil
    }

    /// A key is quoted as it is unless it could tear the line or be a token in the wrong place.
    private static func shown(_ key: String) -> String {
        let isWord =
            key.utf8.count <= 32 && !key.contains("hg_")
            && key.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || $0 == "-" || $0 == "_" }
        return isWord ? key : Excerpt.quote(key)
    }
}
