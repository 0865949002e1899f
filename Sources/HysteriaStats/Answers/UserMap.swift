import JSON
import NIOCore

/// A JSON object with a member for each user: the form of Hysteria's answers to `traffic` and `online`.
enum UserMap {
    /// Reads the members in the order in which they stand.
    static func read<Entry>(
        _ body: ByteBuffer,
        entry: (_ user: String, _ reader: inout JSONReader) throws(JSONError) -> Entry
    ) throws(JSONError) -> [Entry] {
        var entries: [Entry] = []
        try body.readingJSON { (reader) throws(JSONError) in
            try reader.readObject { (user, reader) throws(JSONError) in
                entries.append(try entry(user, &reader))
            }
        }
        return entries
    }

    /// Writes the members in the order of the entries.
    static func encode<Entry>(
        _ entries: [Entry],
        user: (Entry) -> String,
        value: (Entry, inout ByteBuffer) -> Void
    ) -> ByteBuffer {
        var body = ByteBuffer()
        body.writeStaticString("{")
        for (index, entry) in entries.enumerated() {
            if index > 0 { body.writeStaticString(",") }
            body.writeJSONString(user(entry))
            body.writeStaticString(":")
            value(entry, &body)
        }
        body.writeStaticString("}")
        return body
    }
}
