import NIOCore

/// The body of a kick: a JSON array of user names.
public enum KickBody {
    /// Writes the names as one JSON array.
    public static func encoded(_ users: [String]) -> ByteBuffer {
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
