import JSON
import NIOCore

/// The body of a kick: a JSON array of user names.
package enum KickBody {
    /// Reads a body strictly: one array of strings and nothing after it but white space.
    ///
    /// Hysteria itself is more lenient: it reads `null` elements as the user `""` and ignores what follows the array.
    /// Such a body is hardly intended.
    package static func parse(_ body: ByteBuffer) throws(JSONError) -> [String] {
        var users: [String] = []
        try body.readingJSON { (reader) throws(JSONError) in
            try reader.readArray { (reader) throws(JSONError) in users.append(try reader.readString()) }
        }
        return users
    }

    /// Writes the names as one JSON array.
    package static func encoded(_ users: [String]) -> ByteBuffer {
        var body = ByteBuffer()
        body.writeStaticString("[")
        for (index, user) in users.enumerated() {
            if index > 0 { body.writeStaticString(",") }
            body.writeJSONString(user)
        }
        body.writeStaticString("]")
        return body
    }
}
