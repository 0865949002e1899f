import JSON

/// The few numbers of an object, until it is known whether all of them are there.
struct JSONFields {
    private var values: [(key: String, value: UInt64)] = []

    mutating func set(_ key: String, _ value: UInt64) {
        values.append((key, value))
    }

    /// The number of a key; of several, the last one counts.
    func require(_ key: String, of owner: String) throws(JSONError) -> UInt64 {
        guard let field = values.last(where: { $0.key == key }) else {
            throw JSONError(offset: 0, reason: "'\(owner)' has no '\(key)'")
        }
        return field.value
    }
}
