import NIOCore

/// A JSON value as a tree, for documents that are small and of which few members matter.
///
/// Whoever writes such a document may be hostile: its size, its depth and the number of its values are bounded, and a key
/// that stands twice in an object is refused, because readers disagree on which of the two counts (RFC 8259, section 4).
package enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    /// A whole number that an `Int` holds.
    case integer(Int)
    /// Any other number, as it was written.
    case decimal(String)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// How many values a document may have, unless its reader says otherwise.
    package static let valueLimit = 16_384

    /// Reads a document: one value with nothing but white space around it.
    package init(parsing bytes: ByteBuffer, valueLimit: Int = Self.valueLimit) throws(JSONError) {
        var value = JSONValue.null
        var left = valueLimit
        try bytes.readingJSON { (reader) throws(JSONError) in
            value = try JSONValue(reading: &reader, left: &left)
        }
        self = value
    }

    private init(reading reader: inout JSONReader, left: inout Int) throws(JSONError) {
        guard left > 0 else { throw reader.error("the document has too many values") }
        left -= 1
        switch reader.nextKind() {
        case .object: self = .object(try Self.readObject(&reader, left: &left))
        case .array: self = .array(try Self.readArray(&reader, left: &left))
        case .string: self = .string(try reader.readString())
        case .number:
            let text = try reader.readNumberText()
            self = Int(text).map(JSONValue.integer) ?? .decimal(text)
        case .bool: self = .bool(try reader.readBool())
        case .null where reader.readNull(): self = .null
        case .null, nil: throw reader.error("expected a value")
        }
    }

    // The closures cannot take what is `inout` to them along, so what is left goes in and out by a variable.
    private static func readObject(
        _ reader: inout JSONReader,
        left: inout Int
    ) throws(JSONError) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        var rest = left
        try reader.readObject { (key, reader) throws(JSONError) in
            guard members[key] == nil else { throw reader.error("a key stands twice in an object") }
            members[key] = try JSONValue(reading: &reader, left: &rest)
        }
        left = rest
        return members
    }

    private static func readArray(_ reader: inout JSONReader, left: inout Int) throws(JSONError) -> [JSONValue] {
        var elements: [JSONValue] = []
        var rest = left
        try reader.readArray { (reader) throws(JSONError) in
            elements.append(try JSONValue(reading: &reader, left: &rest))
        }
        left = rest
        return elements
    }
}

// MARK: Members

extension JSONValue {
    /// The member of an object. One that is `null` is as good as absent: authorities send it for what they do not have.
    package subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self, let value = members[key], value != .null else { return nil }
        return value
    }

    /// The text, where this is a string.
    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The number, where this is a whole one.
    package var integer: Int? {
        if case .integer(let number) = self { number } else { nil }
    }

    /// Whether it is `true`, where this is `true` or `false`.
    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The elements, where this is an array.
    package var array: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The members, where this is an object.
    package var object: [String: JSONValue]? {
        if case .object(let members) = self { members } else { nil }
    }
}
