import NIOCore

extension JSONValue {
    /// The document, without white space. Members are sorted by the bytes of their keys: the same value is always written
    /// the same, which the thumbprint of a key relies on (RFC 7638, section 3).
    package var encoded: ByteBuffer {
        var buffer = ByteBuffer()
        write(to: &buffer)
        return buffer
    }

    private func write(to buffer: inout ByteBuffer) {
        switch self {
        case .null: buffer.writeStaticString("null")
        case .bool(let value): buffer.writeStaticString(value ? "true" : "false")
        case .integer(let number): buffer.writeString(String(number))
        case .decimal(let text): buffer.writeString(text)
        case .string(let text): buffer.writeJSONString(text)
        case .array(let elements): Self.write(elements, to: &buffer)
        case .object(let members): Self.write(members, to: &buffer)
        }
    }

    private static func write(_ elements: [JSONValue], to buffer: inout ByteBuffer) {
        buffer.writeStaticString("[")
        for (index, element) in elements.enumerated() {
            if index > 0 { buffer.writeStaticString(",") }
            element.write(to: &buffer)
        }
        buffer.writeStaticString("]")
    }

    private static func write(_ members: [String: JSONValue], to buffer: inout ByteBuffer) {
        buffer.writeStaticString("{")
        let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        for (index, member) in sorted.enumerated() {
            if index > 0 { buffer.writeStaticString(",") }
            buffer.writeJSONString(member.key)
            buffer.writeStaticString(":")
            member.value.write(to: &buffer)
        }
        buffer.writeStaticString("}")
    }
}

// MARK: Literals

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    package init(stringLiteral text: String) { self = .string(text) }
    package init(integerLiteral number: Int) { self = .integer(number) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension JSONValue: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

    /// Of a key that is written twice, the last one counts.
    package init(dictionaryLiteral members: (String, JSONValue)...) {
        self = .object(Dictionary(members) { $1 })
    }
}
