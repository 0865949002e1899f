import JSON
import NIOCore

/// How many connections each user has: devices, not streams.
package struct OnlineAnswer: Sendable, Hashable {
    /// The connections of one user.
    package struct Entry: Sendable, Hashable {
        /// The user's id.
        package let user: String
        /// How many QUIC connections the user has.
        package let connections: UInt64

        /// Makes an entry.
        package init(user: String, connections: UInt64) {
            self.user = user
            self.connections = connections
        }
    }

    /// The users, in the order of the answer: sorted by the bytes of their names.
    package var entries: [Entry]

    /// Makes an answer.
    package init(entries: [Entry]) {
        self.entries = entries
    }

    /// Reads Hysteria's answer to `online`.
    package init(parsing body: ByteBuffer) throws(JSONError) {
        entries = try UserMap.read(body) { (user, reader) throws(JSONError) in
            Entry(user: user, connections: try reader.readUInt64())
        }
    }

    /// Writes the answer as Hysteria does.
    package func encoded() -> ByteBuffer {
        UserMap.encode(entries, user: \.user) { entry, body in body.writeDecimal(entry.connections) }
    }
}
