import NIOCore

/// How many connections each user has: devices, not streams.
public struct OnlineAnswer: Sendable, Hashable {
    /// The connections of one user.
    public struct Entry: Sendable, Hashable {
        /// The user's id.
        public let user: String
        /// How many QUIC connections the user has.
        public let connections: UInt64

        /// Makes an entry.
        public init(user: String, connections: UInt64) {
            self.user = user
            self.connections = connections
        }
    }

    /// The users, in the order of the answer: sorted by the bytes of their names.
    public var entries: [Entry]

    /// Makes an answer.
    public init(entries: [Entry]) {
        self.entries = entries
    }

    /// Reads Hysteria's answer to `online`.
    public init(parsing body: ByteBuffer) throws(JSONError) {
        var entries: [Entry] = []
        try body.readingJSON { (reader) throws(JSONError) in
            try reader.readObject { (user, reader) throws(JSONError) in
                entries.append(Entry(user: user, connections: try reader.readUInt64()))
            }
        }
        self.entries = entries
    }

    /// Writes the answer as Hysteria does.
    public func encoded() -> ByteBuffer {
        var body = ByteBuffer()
        body.writeStaticString("{")
        for (index, entry) in self.entries.enumerated() {
            if index > 0 { body.writeStaticString(",") }
            body.writeJSONString(entry.user)
            body.writeStaticString(":")
            body.writeDecimal(entry.connections)
        }
        body.writeStaticString("}")
        return body
    }
}
