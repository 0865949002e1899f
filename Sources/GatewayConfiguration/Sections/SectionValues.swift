/// The values of sections, each under its own key.
package struct SectionValues: Sendable {
    /// A value that may itself be nil: without a box, that could not be told from no value.
    private struct Box<Value: Sendable>: Sendable {
        let value: Value
    }

    private var boxes: [String: any Sendable] = [:]

    /// No values.
    package init() {}

    /// The value of a key; nil where it could not be read.
    package subscript<Key: ConfigurationKey>(key: Key.Type) -> Key.Value? {
        get { (boxes[Key.key] as? Box<Key.Value>)?.value }
        set { boxes[Key.key] = newValue.map(Box.init) }
    }

    /// Whether the section with a key could be read.
    func has(_ key: String) -> Bool { boxes[key] != nil }
}
